// The thread of a what-if: reads past visits on a connection of its own, without Prisma, and says which day it has got to.
import { parentPort, workerData } from 'node:worker_threads'
import { openReading } from '../core/reading'
import type { Answered, Asked } from '../core/threads'
import { judgePast, type PastAsk } from './past'
import type { Tally } from './tally'

const { databaseUrl } = (workerData as { given: { databaseUrl: string } }).given
const say = (answered: Answered<Tally>) => parentPort?.postMessage(answered)

async function answer({ no, ask }: Asked<PastAsk>): Promise<void> {
  try {
    const driver = await openReading(databaseUrl)
    try {
      say({ no, answer: await judgePast(driver, ask, (days) => say({ no, progress: days })) })
    } finally {
      await driver.close()
    }
  } catch (error) {
    say({ no, error: (error as Error).stack ?? String(error) })
  }
}

parentPort?.on('message', (asked: Asked<PastAsk>) => void answer(asked))
