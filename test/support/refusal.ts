import { Refusal, type RefusalCode } from '../../shared/core/refusals'

/** The code with which a promise was refused, or null when it was not; anything else that is thrown stays a bug. */
export async function refusal(work: Promise<unknown>): Promise<RefusalCode | null> {
  try {
    await work
    return null
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}
