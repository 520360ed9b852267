import { insertRows } from '../core/bulk'
import type { Tx } from '../core/db'
import { placesOfPersons } from '../person/place'

type Told = { id: string; personId: string; kind: string }

/** Puts what people were told into the queue, in the commit of the telling: a notice without its message can't be. */
export async function queueMessages(tx: Tx, told: readonly Told[], at: Date): Promise<void> {
  if (told.length === 0) return
  const places = await placesOfPersons(
    tx,
    told.map((one) => one.personId),
  )
  await insertRows(
    tx,
    'message',
    told.map(({ id, personId, kind }) => ({
      ...{ id, personId, kind, regionPath: places.get(personId) ?? '/', state: 'waiting', channel: 'wechat' },
      ...{ tries: 0, dueAt: at, createdAt: at },
    })),
  )
}
