/** A figure, and whether it reaches what was agreed. */

export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What it has to reach, such as `<= 1.6`; `printed` where nothing was agreed. */
  readonly reach: string
  readonly ok: boolean
}

/** A figure with a remark for whoever reads the run, which the JSON does not hold. */
export interface Measured {
  readonly figure: Figure
  readonly remark?: string
}

export interface Reach {
  readonly least?: number
  readonly most?: number
}

export function textOf({ least, most }: Reach): string {
  if (least !== undefined && most !== undefined) return `${least} to ${most}`
  if (least !== undefined) return `>= ${least}`
  return most === undefined ? 'printed' : `<= ${most}`
}

/** A value that is no number reaches nothing. */
export function reaches(value: number, { least = -Infinity, most = Infinity }: Reach): boolean {
  return value >= least && value <= most
}

/** @param value is kept to four significant digits */
export function measured(
  name: string,
  value: number,
  unit: string,
  reach: Reach = {},
  remark?: string,
): Measured {
  const kept = Number(value.toPrecision(4))
  const figure = { name, value: kept, unit, reach: textOf(reach), ok: reaches(value, reach) }
  return remark === undefined ? { figure } : { figure, remark }
}

/** One line of the table. */
export function lineOf({ figure: { name, value, unit, reach, ok }, remark }: Measured): string {
  const mark = ok ? 'ok  ' : 'MISS'
  const line = `${mark} ${name.padEnd(32)} ${`${value} ${unit}`.padEnd(24)} ${reach}`
  return remark === undefined ? line : `${line}\n       ${remark}`
}
