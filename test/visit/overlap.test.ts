import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { query } from '../../server/core/db'
import { findOverlaps } from '../../server/visit/overlaps'
import { times } from '../support/long'
import { newWorld } from '../support/world'

/** Which of the spans overlap one that was taken before: what the books must say, reckoned the plain way. */
function oracle(spans: readonly { from: number; to: number }[]): boolean[] {
  const taken: { from: number; to: number }[] = []
  return spans.map((span) => {
    const overlaps = taken.some((one) => one.from < span.to && one.to > span.from)
    if (!overlaps) taken.push(span)
    return overlaps
  })
}

test('of random schedules of a helper those that count never overlap, as an oracle of intervals says, in the verbs and in the database', async () => {
  const world = await newWorld()
  const { db, places, service } = world
  const place = places.village
  let state = 7
  const random = (below: number) => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return Math.floor((state / 4_294_967_296) * below)
  }
  const day = Date.UTC(2026, 10, 2)
  for (let schedule = 0; schedule < times(40, 10_000); schedule++) {
    const helper = await world.member()
    const spans = Array.from({ length: 3 + random(5) }, () => {
      const from = day + random(40) * 900_000
      return { from, to: from + (1 + random(8)) * 900_000 }
    })
    const expected = oracle(spans)
    const found = await findOverlaps(
      db,
      spans.map(({ from, to }, index) => ({
        ...{ id: String(index), memberId: helper.id, from: new Date(from), to: new Date(to), countsAlone: true },
      })),
    )
    expect(spans.map((_, index) => found.has(String(index)))).toEqual(expected)
    const kept: boolean[] = []
    for (const { from, to } of spans) {
      const row = {
        ...{ id: randomUUID(), memberId: helper.id, memberPersonId: helper.personId, serviceId: service.id },
        ...{ regionId: place.id, regionPath: place.path, countyId: place.countyId as string, channel: 'inPerson' },
        ...{ nature: 'volunteer', state: 'finished', checkInAt: new Date(from), checkOutAt: new Date(to) },
        ...{ recordedAt: new Date(from), day: '2026-11-02', month: '2026-11', servedSeconds: (to - from) / 1000 },
        ...{ counted: true, level: 2, closedBy: 'helper', tasksDone: '[]', flag: 'clean' },
      }
      kept.push(
        await db.visit.create({ data: row }).then(
          () => false,
          () => true,
        ),
      )
    }
    expect(kept).toEqual(expected)
  }
  const pairs = await query<{ id: string }>(
    db,
    `SELECT a."id" FROM visit AS a JOIN visit AS b ON b."memberId" = a."memberId" AND b."id" <> a."id"
     WHERE a."counted" AND b."counted" AND a."checkInAt" < b."checkOutAt" AND a."checkOutAt" > b."checkInAt"`,
  )
  expect(pairs).toEqual([])
}, 3_600_000)
