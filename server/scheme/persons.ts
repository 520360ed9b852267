import type { RefusalCode } from '../../shared/core/refusals'
import type { Day } from '../../shared/core/time'
import type { PersonFacts } from '../../shared/scheme/document'
import { whyNotHelper, whyNotServed } from '../../shared/scheme/gates'
import { driverOf, type Reader } from '../core/db'
import { creditsOn } from '../credit/grade'
import { abilityOn } from '../elder/assess'
import { recordsOn } from '../registry/facts'
import { schemeOn, schemesOn } from './queries'

const IDS_AT_ONCE = 500

/**
 * What rules may ask of persons on a day: age, sex, facets, the categories held then, the last assessment until then, the
 * grade of credit, what the registers say, whether they have points of the programme. Read a list at a time.
 */
export async function readPersonFacts(
  db: Reader,
  personIds: readonly string[],
  programmeId: string,
  day: Day,
): Promise<Map<string, PersonFacts>> {
  const facts = new Map<string, PersonFacts>()
  const ids = [...new Set(personIds)]
  for (let place = 0; place < ids.length; place += IDS_AT_ONCE)
    await readSome(db, ids.slice(place, place + IDS_AT_ONCE), programmeId, day, facts)
  return facts
}

async function readSome(
  db: Reader,
  ids: string[],
  programmeId: string,
  day: Day,
  into: Map<string, PersonFacts>,
): Promise<void> {
  const accounts = await db.personAccount.findMany({ where: { personId: { in: ids }, programmeId } })
  const rich = await db.ledgerAccount.findMany({
    where: { id: { in: accounts.map(({ accountId }) => accountId) }, postedMilliPoints: { gt: 0 } },
    select: { id: true },
  })
  const holding = new Set(rich.map(({ id }) => id))
  const holders = new Set(accounts.filter(({ accountId }) => holding.has(accountId)).map(({ personId }) => personId))
  const rows = await db.person.findMany({
    where: { id: { in: ids } },
    select: {
      ...{ id: true, birthDate: true, sex: true, member: { select: { kind: true, trainings: true } } },
      elder: { select: { id: true, categories: { select: { category: true, validFrom: true, validTo: true } } } },
    },
  })
  const onDay = rows.map(({ id: personId }) => ({ personId, day }))
  const creditOf = await creditsOn(driverOf(db), onDay)
  const helpers = rows.flatMap(({ id: personId, member }) => (member === null ? [] : [{ personId, day }]))
  const recordsOf = await recordsOn(driverOf(db), helpers)
  const abilities = await abilityOn(
    db,
    rows.flatMap(({ elder }) => elder?.id ?? []),
    day,
  )
  for (const { id, birthDate, sex, member, elder } of rows)
    into.set(id, {
      birthDate: birthDate ?? undefined,
      sex: sex === 'male' || sex === 'female' ? sex : undefined,
      kind: member?.kind as PersonFacts['kind'],
      tags: member?.trainings.split(',').filter((one) => one !== ''),
      categories: elder?.categories
        .filter(({ validFrom, validTo }) => validFrom <= day && (validTo === null || day <= validTo))
        .map(({ category }) => category),
      ability: abilities.get(elder?.id ?? ''),
      credit: creditOf(id, day),
      ...(member === null ? {} : recordsOf(id, day)),
      holder: holders.has(id),
    })
}

/** Why the rules of an elder's place don't serve this elder, or null. */
export async function whyNotServedByScheme(
  db: Reader,
  elder: { personId: string; regionPath: string },
  day: Day,
): Promise<RefusalCode | null> {
  const scheme = await schemeOn(db, elder.regionPath, day)
  if (scheme?.document.serve === undefined) return null
  const facts = await readPersonFacts(db, [elder.personId], scheme.programmeId, day)
  return whyNotServed(scheme.document, facts.get(elder.personId) ?? {}, day)
}

/** Why each of these may not be registered as a helper where they want to, or null; in their order. */
export async function whyNotHelpersByScheme(
  db: Reader,
  helpers: readonly { personId: string; kind: PersonFacts['kind']; tags: readonly string[]; regionPath: string }[],
  day: Day,
): Promise<(RefusalCode | null)[]> {
  const schemeOf = await schemesOn(
    db,
    helpers.map(({ regionPath }) => ({ regionPath, day })),
  )
  const ruled = helpers.flatMap((one) => {
    const scheme = schemeOf({ regionPath: one.regionPath, day })
    return scheme?.document.helpers === undefined ? [] : [{ ...one, scheme }]
  })
  const facts = await readPersonFacts(
    db,
    ruled.map(({ personId }) => personId),
    ruled[0]?.scheme.programmeId ?? '',
    day,
  )
  return helpers.map(({ personId, kind, tags, regionPath }) => {
    const scheme = schemeOf({ regionPath, day })
    // What they become by it counts, not what they were.
    return scheme === null ? null : whyNotHelper(scheme.document, { ...facts.get(personId), kind, tags }, day)
  })
}
