import { addDays, type Day, dayOf, instantOf } from '../../shared/core/time'
import type { Category } from '../../shared/elder/words'
import { idFrom } from '../core/ids'
import type { Parts } from '../core/route'
import { addPairing, agreePairing } from '../pairing/pair'
import { addRequirement } from '../requirement/manage'
import type { Community } from './community'

const WITHIN_A_DAY: readonly Category[] = ['livingAlone', 'disabled']
const PAIRS = 24

/** What makes work by itself: "within 24 hours" after something happened, and some pairs, half of them agreed in writing. */
export async function addCare({ db }: Parts, { county, helpers, admin }: Community, today: Day): Promise<void> {
  const at = instantOf(addDays(today, -1), '10:00')
  for (const category of WITHIN_A_DAY)
    await addRequirement(
      db,
      admin,
      {
        ...{
          id: idFrom('demo', 'rule', category),
          regionId: county.id,
          category,
          interval: 'event',
          intervalLength: 24,
        },
        ...{ channels: ['inPerson', 'phone'], natures: ['volunteer', 'mutualAid', 'dutyPaid'], minSeconds: 0 },
        ...{ validFrom: dayOf(at), validTo: null },
      },
      at,
    )
  for (const [place, helper] of helpers.slice(0, PAIRS).entries()) {
    const member = await db.member.findUniqueOrThrow({ where: { id: helper.id } })
    const elder = await db.elder.findFirst({
      where: {
        ...{ regionId: member.regionId, endedDay: null, personId: { not: member.personId } },
        categories: { some: { category: { in: [...WITHIN_A_DAY] }, validTo: null } },
      },
      orderBy: { id: 'asc' },
    })
    if (elder === null) continue
    const id = idFrom('demo', 'pair', helper.id)
    const sinceDay = addDays(today, place % 2 === 0 ? -20 : -45)
    await addPairing(db, admin, { id, elderId: elder.id, memberId: helper.id, sinceDay }, at)
    if (place % 4 !== 1)
      await agreePairing(db, admin, id, { agreedDay: addDays(sinceDay, 10), agreementNo: `结对-${place + 1}` }, at)
  }
}
