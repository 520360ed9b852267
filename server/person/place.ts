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
