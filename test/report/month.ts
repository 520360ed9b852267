// A little county with a month behind it: elders who are owed a visit, helpers who went, and a way to have reports made.
import { randomUUID } from 'node:crypto'
import { makeReports } from '../../server/report/make'
import { startSession } from '../../server/session/start'
import { addSeconds, instantOf } from '../../shared/core/time'
import type { ReportKind } from '../../shared/report/templates'
import type { ReportView } from '../../shared/report/view'
import { newWorld, type Place, serveWorld, type World } from '../support/world'

export const MONTH = '2026-10'

/** A visit that ended and counts. */
export async function addVisit(
  world: World,
  member: Awaited<ReturnType<World['member']>>,
  elder: { id: string; regionId: string; regionPath: string; countyId: string },
  day: string,
  given: { nature?: string; seconds?: number; counted?: boolean; level?: number } = {},
): Promise<string> {
  const id = randomUUID()
  const { nature = 'volunteer', seconds = 3600, counted = true, level = 2 } = given
  const began = instantOf(day, '09:00')
  const place = { regionId: elder.regionId, regionPath: elder.regionPath, countyId: elder.countyId }
  await world.db.visit.create({
    data: {
      ...{ id, memberId: member.id, memberPersonId: member.personId, serviceId: world.service.id, ...place },
      ...{ channel: 'inPerson', nature, state: counted ? 'confirmed' : 'returned', checkInAt: began, level },
      ...{ checkOutAt: addSeconds(began, seconds), recordedAt: began, day, month: day.slice(0, 7) },
      ...{ servedSeconds: seconds, counted, closedBy: 'helper', tasksDone: '[]', flag: 'clean' },
      elders: {
        create: {
          ...{ elderId: elder.id, ...place, day, month: day.slice(0, 7), servedSeconds: seconds, counted },
          ...{ channel: 'inPerson', nature },
        },
      },
    },
  })
  return id
}

export async function addMonthly(world: World, place: Place, category = 'livingAlone'): Promise<void> {
  await world.db.requirement.create({
    data: {
      ...{ id: randomUUID(), regionId: place.id, regionPath: place.path, category, interval: 'month' },
      ...{
        channels: 'inPerson',
        natures: 'volunteer,mutualAid,dutyPaid',
        minSeconds: 0,
        validFrom: '2026-01-01',
        validTo: null,
      },
    },
  })
}

export async function newMonth() {
  const world = await newWorld()
  const { places } = world
  await addMonthly(world, places.county)
  const [maker, signer, county, county2] = [
    await world.staff('townStaff', places.town),
    await world.staff('townStaff', places.town),
    await world.staff('countyAdmin', places.county),
    await world.staff('countyAdmin', places.county),
  ]
  const helper = await world.member()
  const elders = []
  for (const place of [places.village, places.village, places.village2, places.village3])
    elders.push(await world.elder({ place }))
  const [first, second, third] = elders as [(typeof elders)[number], (typeof elders)[number], (typeof elders)[number]]
  const visitId = await addVisit(world, helper, first, '2026-10-08')
  await addVisit(world, helper, third, '2026-10-09', { nature: 'mutualAid', seconds: 1800 })
  const { ask, base } = await serveWorld(world)

  /** Has a report made and waits for it. */
  async function made(who: { personId: string }, kind: ReportKind, place: Place, period: string) {
    const asked = await ask<ReportView>(who, 'POST', '/reports', { id: randomUUID(), kind, regionId: place.id, period })
    if (asked.status !== 202) return asked
    for (let turn = 0; turn < 100; turn++) {
      await makeReports(world.parts)
      const found = await ask<ReportView>(who, 'GET', `/reports/${asked.body.id}`)
      if (!['waiting', 'running'].includes(found.body.state)) return found
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error('a report is never made')
  }
  const signed = (who: { personId: string }, id: string) => ask<ReportView>(who, 'POST', `/reports/${id}/signature`, {})
  async function fileOf(who: { personId: string }, path: string): Promise<Buffer> {
    const { accessToken } = await startSession(world.db, world.keys, who.personId, {}, world.clock.now)
    const answer = await fetch(`${base}/api/v1${path}`, { headers: { authorization: `Bearer ${accessToken}` } })
    if (!answer.ok) throw new Error(await answer.text())
    return Buffer.from(await answer.arrayBuffer())
  }
  return {
    world,
    ask,
    base,
    fileOf,
    made,
    signed,
    maker,
    signer,
    county,
    county2,
    helper,
    elders,
    first,
    second,
    third,
    visitId,
  }
}

/** What a report says of a figure, of the whole. */
export function figureOf(report: ReportView, key: string): string | undefined {
  return report.content?.sections.flatMap((one) => one.figures).find((one) => one.key === key)?.value
}

/** What it says of it for a place. */
export function placeFigure(report: ReportView, name: string, key: string): string | undefined {
  const at = report.content?.columns.findIndex((one) => one.key === key) ?? -1
  return report.content?.places.find((one) => one.name === name)?.values[at]
}
