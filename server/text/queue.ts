import type { TextKind } from '../../shared/text/words'
import { insertRows } from '../core/bulk'
import type { Tx } from '../core/db'

type Written = { id: string; kind: TextKind; byPersonId: string; regionPath: string }

/**
 * Texts that others will read go to WeChat's check, in the commit that wrote them: nothing waits for WeChat, and no text is
 * lost to it.
 */
export async function queueTexts(tx: Tx, written: readonly Written[], at: Date): Promise<void> {
  await insertRows(
    tx,
    'text_check',
    written.map((one) => ({ ...one, state: 'waiting', tries: 0, dueAt: at, createdAt: at })),
  )
}

/** The same for a text that was written anew: what was said of the old one holds no more. */
export async function queueAgain(tx: Tx, written: Written, at: Date): Promise<void> {
  await tx.textCheck.deleteMany({ where: { id: written.id } })
  await queueTexts(tx, [written], at)
}
