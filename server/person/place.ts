import { findBy } from '../core/bulk'
import type { Reader } from '../core/db'

/** Where somebody belongs: as elder, as helper, as proxy of an elder, or by their post; "/" for nobody of these. */
export async function placeOfPerson(db: Reader, personId: string): Promise<string> {
  const elder = await db.elder.findUnique({ where: { personId }, select: { regionPath: true } })
  if (elder !== null) return elder.regionPath
  const member = await db.member.findUnique({ where: { personId }, select: { regionPath: true } })
  if (member !== null) return member.regionPath
  const proxy = await db.proxy.findFirst({ where: { personId }, select: { elder: { select: { regionPath: true } } } })
  if (proxy !== null) return proxy.elder.regionPath
  const post = await db.staffRole.findFirst({ where: { personId }, orderBy: { regionPath: 'asc' } })
  return post?.regionPath ?? '/'
}

/** The same for many, with a query a facet; posts with the widest place. Nobody's place is "/". */
export async function placesOfPersons(db: Reader, personIds: readonly string[]): Promise<Map<string, string>> {
  const places = new Map<string, string>()
  const note = (rows: readonly { personId: string; regionPath: string }[]) => {
    for (const { personId, regionPath } of rows) if (!places.has(personId)) places.set(personId, regionPath)
  }
  const unknown = () => personIds.filter((id) => !places.has(id))
  note(await findBy(db, 'Elder', 'personId', personIds))
  note(await findBy(db, 'Member', 'personId', unknown()))
  const proxies = await findBy(db, 'Proxy', 'personId', unknown())
  const elders = await findBy(
    db,
    'Elder',
    'id',
    proxies.map((one) => one.elderId),
  )
  const pathOf = new Map(elders.map((one) => [one.id, one.regionPath]))
  note(proxies.map(({ personId, elderId }) => ({ personId, regionPath: pathOf.get(elderId) ?? '/' })))
  const posts = await findBy(db, 'StaffRole', 'personId', unknown())
  note(posts.sort((one, other) => (one.regionPath < other.regionPath ? -1 : 1)))
  note(unknown().map((personId) => ({ personId, regionPath: '/' })))
  return places
}
