/**
 * Stands in place of a worker's handler and kills the process it runs in, by SIGKILL: before a call is sent, once it is
 * sent, once it is answered, or at any other instant. The platform gives no warning either.
 */
import { subscribe } from 'node:diagnostics_channel'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Handler } from '#local/runtime.ts'
import { mortality } from './mortality.ts'

const longestLifeMs = 400
const chanceOf = (name: string) => Number(process.env[name] ?? 0)

function perhapsDie(): void {
  if (Math.random() < chanceOf(mortality.perCall)) process.kill(process.pid, 'SIGKILL')
}
subscribe('http.client.request.created', perhapsDie)
subscribe('http.client.request.start', perhapsDie)
subscribe('http.client.response.finish', perhapsDie)

const path = process.env[mortality.handler] ?? ''
const served = (await import(pathToFileURL(path).href)) as { handler: Handler }

/** A thread of its own kills whatever the process is doing, also in the middle of a computation. */
function perhapsDieLater(): Worker | undefined {
  if (Math.random() >= chanceOf(mortality.perRun)) return undefined
  return new Worker(new URL('./killer.ts', import.meta.url), { workerData: Math.random() * longestLifeMs })
}

export const handler: Handler = async (event, context) => {
  const killer = perhapsDieLater()
  try {
    return await served.handler(event, context)
  } finally {
    await killer?.terminate()
  }
}
