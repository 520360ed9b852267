import { addDays, addSeconds, type Day, instantOf } from '../../shared/core/time'
import type { Actor } from '../core/actor'
import { findBy } from '../core/bulk'
import { idFrom } from '../core/ids'
import type { Parts } from '../core/route'
import { issuePlates } from '../plate/issue'
import { addressOfPlate, tokenOfPlate } from '../plate/queries'
import { addOrganisation } from '../registry/organisations'
import { checkInVisits } from '../visit/check-in'
import { checkOutVisits } from '../visit/check-out'
import { confirmAtSite } from '../visit/site'
import { helperActor } from './actors'
import type { Community } from './community'

const TOWNS = 2
const HELPERS = 5
const CONFIRMED = 3

/** A mutual-aid point in the first village of each pilot town (they come first), and what its helpers did there yesterday afternoon: some of it waits for staff. */
export async function addSites(parts: Parts, community: Community, today: Day): Promise<void> {
  for (const town of community.towns.slice(0, TOWNS)) {
    const village = community.villages.find(({ parentId }) => parentId === town.id)
    if (village !== undefined) await addSite(parts, community, village, today)
  }
}

async function addSite(
  { db, config }: Parts,
  { admin, staff, helpers }: Community,
  village: Community['villages'][number],
  today: Day,
): Promise<void> {
  const begins = instantOf(addDays(today, -1), '20:30')
  const id = idFrom('demo', 'site', village.code)
  const fields = {
    name: `${village.name}睦邻互助点`,
    code: '',
    address: '村委会旁',
    phone: '',
    openingHours: '8:00–21:30',
  }
  const needs = ['living', 'culture', 'comfort'] as const
  const at = addSeconds(begins, -86_400)
  await addOrganisation(
    db,
    admin,
    { id, regionId: village.id, kind: 'mutualAidPoint', ...fields, needs: [...needs], active: true },
    at,
  )
  const plates = [{ kind: 'site' as const, organisationId: id, label: '门口' }]
  const batch = { batchId: idFrom('demo', 'sitePlate', village.code), plates }
  const [plateId = ''] = (await issuePlates(db, config.keys, admin, batch, at)).ids
  const token = tokenOfPlate(config.keys, await db.plate.findUniqueOrThrow({ where: { id: plateId } }))
  const service = await db.service.findFirst({ where: { code: 'companionship' } })
  if (token === null || service === null) return
  const code = addressOfPlate(config.publicUrl, 'site', token)
  const here = helpers.filter(({ villageCode }) => villageCode === village.code).slice(0, HELPERS)
  const rows = new Map(
    (
      await findBy(
        db,
        'Member',
        'id',
        here.map((one) => one.id),
      )
    ).map((row) => [row.id, row]),
  )
  const actors = here.flatMap((one): Actor[] => {
    const row = rows.get(one.id)
    return row === undefined ? [] : [helperActor(row, one.deviceId)]
  })
  const visitIds = actors.map(({ personId }) => idFrom('demo', 'atSite', personId))
  const clockOf = (index: number, seconds: number) => addSeconds(begins, index * 60 + seconds)
  const ofEach = <T>(make: (actor: Actor, visitId: string, index: number) => T): T[] =>
    actors.map((actor, index) => make(actor, visitIds[index] as string, index))
  await checkInVisits(
    db,
    config.keys,
    ofEach((actor, visitId, index) => {
      const came = clockOf(index, 0)
      const input = { id: visitId, code, elderIds: [], serviceId: service.id, deviceAt: came.toISOString() }
      return { actor, at: came, input }
    }),
  )
  await checkOutVisits(
    db,
    config.keys,
    ofEach((actor, visitId, index) => {
      const left = clockOf(index, 3600)
      const input = { id: idFrom(visitId, 'out'), code, tasksDone: [], deviceAt: left.toISOString() }
      return { actor, visitId, at: left, input }
    }),
  )
  const clerk = staff.get(`villageStaff@${village.code}`) ?? admin
  const seen = visitIds.slice(0, CONFIRMED)
  if (seen.length > 0)
    await confirmAtSite(
      db,
      clerk,
      { id: idFrom('demo', 'siteSeen', village.code), visitIds: seen, answer: 'yes' },
      clockOf(0, 5400),
    )
}
