import { Refusal, type RefusalCode, type RefusalDetail } from '../../shared/core/refusals'
import { isTaken } from './db'

/** Does a write whose unique key says who came first: the other one of two at once is refused like one who came later. */
export async function takenAs<T>(code: RefusalCode, detail: RefusalDetail, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isTaken(error)) throw new Refusal(code, detail)
    throw error
  }
}
