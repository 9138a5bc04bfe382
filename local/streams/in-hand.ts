/** Which records of a shard are still in hand; the checkpoint stands before the oldest of them. */
export class Progress {
  #records: { readonly sequenceNumber: string; open: boolean }[] = []
  #bySequence = new Map<string, { open: boolean }>()

  get inHand(): number {
    return this.#bySequence.size
  }

  /** The record was read; one that no worker needs is not `open`. Called in the order of the stream. */
  read(sequenceNumber: string, open: boolean): void {
    const record = { sequenceNumber, open }
    this.#records.push(record)
    if (open) this.#bySequence.set(sequenceNumber, record)
  }

  /** The record is handled or gone aside. */
  finish(sequenceNumber: string): void {
    const record = this.#bySequence.get(sequenceNumber)
    if (record !== undefined) record.open = false
    this.#bySequence.delete(sequenceNumber)
  }

  /** @returns the last number before the oldest open record, when it moved since the last call. */
  takeCheckpoint(): string | undefined {
    const firstOpen = this.#records.findIndex((record) => record.open)
    const passed = this.#records.splice(0, firstOpen === -1 ? this.#records.length : firstOpen)
    return passed.at(-1)?.sequenceNumber
  }
}
