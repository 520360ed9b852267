import type { ClearingView, ProgrammeList } from '../../shared/ledger/view'
import { can } from '../../shared/session/permissions'
import { type Actor, mayOver } from '../core/actor'
import { findBy } from '../core/bulk'
import type { Db, Reader } from '../core/db'
import { clearingIdOf } from '../ledger/accounts'
import { owingSince } from '../ledger/queries'

/** The time banks there are, by the name of their county: where points could go with their owner. */
export async function listProgrammes(db: Db): Promise<ProgrammeList> {
  return (await programmesWithPlaces(db)).map(({ id, name, regionName }) => ({ id, name, regionName }))
}

/** What the counties in sight owe others and others them; only where something ever moved. */
export async function listClearings(db: Db, actor: Actor): Promise<ClearingView[]> {
  const programmes = await programmesWithPlaces(db)
  const own = programmes.filter(({ path }) => mayOver(actor, can('clearing.read'), path))
  const pairs = own.flatMap((here) =>
    programmes
      .filter((there) => there.id !== here.id)
      .map((there) => ({ here, there, accountId: clearingIdOf(here.id, there.id) })),
  )
  const ids = pairs.map((one) => one.accountId)
  const accounts = new Map((await findBy(db, 'LedgerAccount', 'id', ids)).map((one) => [one.id, one]))
  const waiting = await db.ledgerRequest.findMany({
    where: {
      kind: 'SETTLE',
      decision: { is: null },
      OR: [{ accountId: { in: ids } }, { otherAccountId: { in: ids } }],
    },
    select: { accountId: true, otherAccountId: true },
  })
  const asked = new Set(waiting.flatMap((one) => [one.accountId, one.otherAccountId]))
  const since = await owingSince(db, [...accounts.keys()])
  return pairs.flatMap(({ here, there, accountId }): ClearingView[] => {
    const account = accounts.get(accountId)
    if (account === undefined) return []
    return [
      {
        ...{ accountId, programmeName: here.name, otherProgrammeId: there.id, otherProgrammeName: there.name },
        otherRegionName: there.regionName,
        owedMilliPoints: account.postedMilliPoints.toString(),
        since: since.get(accountId)?.toISOString() ?? null,
        asked: asked.has(accountId) || asked.has(clearingIdOf(there.id, here.id)),
      },
    ]
  })
}

async function programmesWithPlaces(db: Reader) {
  const programmes = await db.programme.findMany({ orderBy: { code: 'asc' } })
  const regions = await findBy(
    db,
    'Region',
    'id',
    programmes.map((one) => one.regionId),
  )
  return programmes.flatMap(({ id, name, regionId }) => {
    const region = regions.find((one) => one.id === regionId)
    return region === undefined ? [] : [{ id, name, path: region.path, regionName: region.name }]
  })
}
