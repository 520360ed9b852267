import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
// Loading the whole server takes longer than a test may; here it isn't counted.
import '../../server/app'
import { insertAll } from '../../server/core/bulk'
import { transact } from '../../server/core/db'
import { schemeOn } from '../../server/scheme/queries'
import { addSeconds, dayOf, instantOf } from '../../shared/core/time'
import type { SchemeDocument } from '../../shared/scheme/document'
import type { DraftView, TrialView } from '../../shared/scheme/view'
import { times } from '../support/long'
import { newWorld, SIMPLE, serveWorld, TODAY, type World } from '../support/world'

const DOUBLE: SchemeDocument = {
  ...SIMPLE,
  title: '翻倍',
  earn: { ...SIMPLE.earn, milliPoints: 2000, dayCapMilliPoints: 20_000 },
}

async function newDesk() {
  const world = await newWorld()
  const { ask } = await serveWorld(world)
  const first = await world.staff('countyAdmin', world.places.county)
  const second = await world.staff('countyAdmin', world.places.county)
  const write = (document: unknown, validFrom = '2026-12-01', place = world.places.county) =>
    ask<DraftView>(first, 'POST', '/scheme-drafts', { id: randomUUID(), regionId: place.id, validFrom, document })
  const step = (who: typeof first, id: string, word: string) =>
    ask<DraftView>(who, 'POST', `/scheme-drafts/${id}/${word}`, {})
  return { world, ask, first, second, write, step }
}

describe('how rules are published', () => {
  test('one writes and submits, another publishes; from its day on the new version holds, before it the old one', async () => {
    const { world, first, second, write, step } = await newDesk()
    const draft = await write(DOUBLE)
    expect(draft.body).toMatchObject({ state: 'draft', problems: [], title: '翻倍', whyNotPublish: 'SCHEME_STATE' })

    expect((await step(first, draft.body.id, 'submission')).body.state).toBe('submitted')
    expect((await step(first, draft.body.id, 'publication')).body).toMatchObject({ code: 'SCHEME_TWO_PERSONS' })
    expect((await step(second, draft.body.id, 'publication')).body.state).toBe('published')

    const village = world.places.village.path
    expect((await schemeOn(world.db, village, '2026-11-30'))?.document.title).toBe(SIMPLE.title)
    expect(await schemeOn(world.db, village, '2026-12-01')).toMatchObject({ version: 2, document: { title: '翻倍' } })
  })

  test('who changed it last can’t publish it either', async () => {
    const { ask, first, second, write, step } = await newDesk()
    const { body } = await write(DOUBLE)
    await ask(second, 'PUT', `/scheme-drafts/${body.id}`, { validFrom: '2026-12-02', document: DOUBLE })
    await step(first, body.id, 'submission')
    expect((await step(second, body.id, 'publication')).body).toMatchObject({ code: 'SCHEME_TWO_PERSONS' })
  })

  test('when two publish at once, one is refused and there is one version', async () => {
    const { world, first, second, write, step } = await newDesk()
    const third = await world.staff('countyAdmin', world.places.county)
    const { body } = await write(DOUBLE)
    await step(first, body.id, 'submission')
    const answers = await Promise.all([step(second, body.id, 'publication'), step(third, body.id, 'publication')])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(await world.db.scheme.count()).toBe(2)
  })

  test('what is submitted can’t be changed until it is returned; what is published never', async () => {
    const { ask, first, second, write, step } = await newDesk()
    const { body } = await write(DOUBLE)
    const change = () => ask(first, 'PUT', `/scheme-drafts/${body.id}`, { validFrom: '2026-12-02', document: SIMPLE })
    await step(first, body.id, 'submission')
    expect((await change()).body).toMatchObject({ code: 'SCHEME_STATE' })
    await step(second, body.id, 'return')
    expect((await change()).body).toMatchObject({ state: 'draft', validFrom: '2026-12-02' })
    await step(first, body.id, 'submission')
    await step(second, body.id, 'publication')
    expect((await change()).body).toMatchObject({ code: 'SCHEME_STATE' })
    expect((await step(first, body.id, 'return')).body).toMatchObject({ code: 'SCHEME_STATE' })
  })

  test.each([
    ['2026-11-21', 'SCHEME_PAST', 'a day that is over'],
    [TODAY, 'SCHEME_PAST', 'a day on which visits were judged already'],
    ['2026-01-01', 'SCHEME_PAST', 'the day another version began'],
  ])('from %s: %s, it is %s', async (validFrom, code) => {
    const { first, write, step } = await newDesk()
    const { body } = await write(DOUBLE, validFrom)
    expect(body.problems.map(({ path }) => path)).toEqual(['validFrom'])
    expect((await step(first, body.id, 'submission')).body).toMatchObject({ code, field: 'validFrom' })
  })

  test('a version can’t begin on or before the day of one that is published for later', async () => {
    const { first, second, write, step } = await newDesk()
    const later = await write(DOUBLE, '2027-01-01')
    await step(first, later.body.id, 'submission')
    await step(second, later.body.id, 'publication')
    for (const day of ['2026-12-15', '2027-01-01']) {
      const { body } = await write(SIMPLE, day)
      expect((await step(first, body.id, 'submission')).body).toMatchObject({ code: 'SCHEME_OVERLAP' })
    }
  })

  test('a town joins from its own day on, and other towns keep the county’s rules', async () => {
    const { world, first, second, write, step } = await newDesk()
    const { body } = await write(DOUBLE, '2026-12-10', world.places.town)
    await step(first, body.id, 'submission')
    await step(second, body.id, 'publication')
    const titleAt = async (place: keyof World['places'], day: string) =>
      (await schemeOn(world.db, world.places[place].path, day))?.document.title
    expect(await titleAt('village', '2026-12-09')).toBe(SIMPLE.title)
    expect(await titleAt('village', '2026-12-10')).toBe('翻倍')
    expect(await titleAt('village3', '2026-12-10')).toBe(SIMPLE.title)
  })

  test('what is wrong may be kept, and is not submitted', async () => {
    const { first, write, step } = await newDesk()
    const wrong = { ...SIMPLE, earn: { ...SIMPLE.earn, prices: [{ service: 'nothing', milliPoints: 1000 }] } }
    const { body, status } = await write(wrong)
    expect(status).toBe(200)
    expect(body.problems).toContainEqual({
      path: 'earn.prices.0.service',
      sentence: '服务项目里没有“nothing”',
      severity: 'error',
    })
    expect((await step(first, body.id, 'submission')).body).toMatchObject({ code: 'SCHEME_WRONG' })
  })

  test.each<[string, Partial<SchemeDocument>, string, string]>([
    ['can never pay', { earn: {} }, 'earn', ''],
    [
      'has a day’s cap above the month’s',
      { earn: { ...SIMPLE.earn, dayCapMilliPoints: 9000, monthCapMilliPoints: 8000 } },
      'earn.dayCapMilliPoints',
      '互相矛盾',
    ],
    [
      'pays for an unknown service',
      { earn: { ...SIMPLE.earn, prices: [{ service: 'nothing', milliPoints: 1000 }] } },
      'earn.prices.0.service',
      '服务项目里没有“nothing”',
    ],
    [
      'sells an unknown service',
      { redeem: { prices: [{ item: 'nothing', milliPoints: 1000 }] } },
      'redeem.prices.0.item',
      '服务项目里没有“nothing”',
    ],
    ['asks what doesn’t parse', { serve: { when: 'age >= 80 and wealth > 3' } }, 'serve.when', '第 15 个字'],
  ])('rules that are wrong are said by path, and not submitted: one that %s', async (_name, wrong, path, words) => {
    const { ask, first, write, step } = await newDesk()
    const document = { ...SIMPLE, ...wrong }
    const checked = await ask<{ problems: { path: string; sentence: string; severity: string }[] }>(
      first,
      'POST',
      '/scheme-checks',
      { document, regionId: (await write(SIMPLE)).body.regionId },
    )
    const found = checked.body.problems.find((one) => one.path === path)
    expect(found?.severity).toBe('error')
    expect(found?.sentence).toContain(words)
    const draft = await write(document)
    expect(draft.body.problems.map((one) => one.path)).toContain(path)
    expect((await step(first, draft.body.id, 'submission')).body).toMatchObject({ code: 'SCHEME_WRONG' })
  })

  test('staff of a town read the rules and don’t write them; the sibling county sees none of them', async () => {
    const { world, ask, write } = await newDesk()
    const { body } = await write(DOUBLE)
    const town = await world.staff('townStaff', world.places.town)
    const other = await world.staff('countyAdmin', world.places.otherCounty)
    const listed = await ask<{ versions: unknown[] }>(town, 'GET', '/schemes')
    expect(listed.body.versions).toHaveLength(1)
    expect((await ask(town, 'POST', `/scheme-drafts/${body.id}/submission`, {})).status).toBe(403)
    expect((await ask(other, 'GET', `/scheme-drafts/${body.id}`)).status).toBe(404)
    expect((await ask(other, 'POST', `/scheme-drafts/${body.id}/submission`, {})).status).toBe(404)
    expect((await ask(other, 'GET', '/schemes')).body).toEqual({ versions: [], drafts: [] })
  })

  test('sent twice it is one draft', async () => {
    const { world, ask, first } = await newDesk()
    const input = { id: randomUUID(), regionId: world.places.county.id, validFrom: '2026-12-01', document: DOUBLE }
    await ask(first, 'POST', '/scheme-drafts', input)
    expect((await ask(first, 'POST', '/scheme-drafts', input)).status).toBe(200)
    expect(await world.db.schemeDraft.count()).toBe(1)
  })
})

describe('a check', () => {
  test('answers every problem, and the rules as people say them', async () => {
    const { ask, first } = await newDesk()
    const { body } = await ask(first, 'POST', '/scheme-checks', {
      document: {
        title: '长宁',
        sample: true,
        pointsWord: '时间币',
        earn: {
          milliPoints: 1000,
          seconds: 3600,
          dayCapMilliPoints: 2000,
          accountCapMilliPoints: 600_000,
          overflow: { account: 'pool' },
        },
        serve: { when: 'age >= 80 and categories has livingAlone' },
      },
    })
    expect(body).toEqual({
      problems: [],
      sentences: [
        { section: '怎么得分', sentence: '每 1 小时记 1 分，一天最多 2 分，全部最多 600 分，超出的进公益池' },
        {
          section: '凭证',
          sentence: 'L0 不记分，L1 社区审核后记分，L2 老人确认后记分，L3 老人确认后记分，L4 结束就记分',
        },
        { section: '服务谁', sentence: '年龄满 80 且 类别包含 独居' },
      ],
    })
    const wrong = await ask(first, 'POST', '/scheme-checks', { document: { earn: 5 } })
    expect(wrong.body).toMatchObject({ sentences: [], problems: [{ path: 'title' }, {}, {}, { path: 'earn' }] })
  })
})

describe('a what-if over past visits', () => {
  async function pastVisit(
    world: World,
    helper: { id: string; personId: string },
    day: string,
    minutes: number,
    paid: bigint | null,
  ) {
    const { village } = world.places
    const checkInAt = instantOf(day, '09:00')
    await world.db.visit.create({
      data: {
        id: randomUUID(),
        memberId: helper.id,
        memberPersonId: helper.personId,
        serviceId: world.service.id,
        regionId: village.id,
        regionPath: village.path,
        countyId: village.countyId as string,
        channel: 'inPerson',
        nature: 'volunteer',
        state: 'approved',
        checkInAt,
        checkOutAt: new Date(checkInAt.getTime() + minutes * 60_000),
        recordedAt: checkInAt,
        day,
        month: day.slice(0, 7),
        servedSeconds: minutes * 60,
        counted: true,
        level: 2,
        tasksDone: '[]',
        awardedMilliPoints: paid,
        flag: 'clean',
      },
    })
  }

  test('says who gains and who loses, what is issued, cut and needed', async () => {
    const { world, ask, first, write } = await newDesk()
    const [gaining, losing] = [await world.member(), await world.member({ name: '李强' })]
    await pastVisit(world, gaining, '2026-09-30', 60, 12_000n)
    await pastVisit(world, gaining, '2026-10-02', 30, 6000n)
    await pastVisit(world, losing, '2026-10-02', 200, 40_000n)
    await pastVisit(world, losing, '2026-10-03', 10, null)
    await pastVisit(world, losing, '2026-06-01', 60, 12_000n)
    const draft = await write({ ...DOUBLE, redeem: { yuan: { milliPoints: 1000, fen: 10 } } })
    const input = { id: randomUUID(), draftId: draft.body.id, from: '2026-09-01', to: TODAY }
    expect((await ask(first, 'POST', '/scheme-trials', input)).status).toBe(200)
    const read = () => ask<TrialView>(first, 'GET', `/scheme-trials/${input.id}`)
    await expect.poll(async () => (await read()).body.state, { timeout: 20_000 }).toBe('done')

    const { doneDays, days, result } = (await read()).body
    expect([doneDays, days]).toEqual([83, 83])
    expect(result).toMatchObject({
      visits: 4,
      people: 2,
      before: '58000',
      after: '52000',
      gainers: 1,
      losers: 1,
      same: 0,
      months: [
        { month: '2026-09', before: '12000', after: '20000', visits: 1 },
        { month: '2026-10', before: '46000', after: '32000', visits: 3 },
      ],
      places: [{ name: '泽头镇', before: '58000', after: '52000', visits: 4 }],
      gains: [{ personId: gaining.personId, name: '张*', before: '18000', after: '32000' }],
      losses: [{ personId: losing.personId, name: '李*', before: '40000', after: '20000' }],
      zeros: [{ reason: 'N 分钟，不足 N 分钟，不记分', visits: 1 }],
      fundFen: 520,
      fundBasis: 'offset',
    })
    expect(result?.cuts).toEqual([{ code: 'DAY_CAP', sentence: '每天最多记 20 分', visits: 2, milliPoints: '64000' }])

    // asked again it isn't run again
    await ask(first, 'POST', '/scheme-trials', input)
    expect((await read()).body.state).toBe('done')
  })

  test('is judged beside a server that goes on answering, and says how far it is', async () => {
    const { world, ask, first, write } = await newDesk()
    const helper = await world.member()
    const visits = times(6000, 60_000)
    const { village } = world.places
    const { db } = world
    await transact(db, (tx) =>
      insertAll(
        tx,
        'visit',
        Array.from({ length: visits }, (_, no) => {
          const checkInAt = addSeconds(instantOf('2026-01-01', '00:00'), no * 300)
          const day = dayOf(checkInAt)
          return {
            ...{ id: `v${no}`, memberId: helper.id, memberPersonId: helper.personId, serviceId: world.service.id },
            ...{ regionId: village.id, regionPath: village.path, countyId: village.countyId, channel: 'inPerson' },
            ...{ nature: 'volunteer', state: 'approved', checkInAt, checkOutAt: addSeconds(checkInAt, 240) },
            ...{ recordedAt: checkInAt, day, month: day.slice(0, 7), servedSeconds: 3600, counted: true, level: 2 },
            ...{ tasksDone: '[]', awardedMilliPoints: 12_000n, awardRevision: 0, flag: 'clean' },
          }
        }),
      ),
    )
    const elderly = { name: '高龄', times: [2, 1], when: 'elderAge >= 80 or elderCategories has livingAlone' }
    const draft = await write({ ...SIMPLE, earn: { ...SIMPLE.earn, coefficients: [elderly] } })
    const input = { id: randomUUID(), draftId: draft.body.id, from: '2026-01-01', to: TODAY }
    await ask(first, 'POST', '/scheme-trials', input)
    const seen: number[] = []
    let [state, longest, answered] = ['running', 0, 0]
    while (state === 'running') {
      const began = performance.now()
      expect((await ask(first, 'GET', '/schemes', undefined)).status).toBe(200)
      longest = Math.max(longest, performance.now() - began)
      answered += 1
      const { body } = await ask<TrialView>(first, 'GET', `/scheme-trials/${input.id}`)
      state = body.state
      seen.push(body.doneDays)
    }
    expect(state).toBe('done')
    expect(answered).toBeGreaterThan(2)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(seen.some((days) => days > 0 && days < 326)).toBe(true)
    expect((await ask<TrialView>(first, 'GET', `/scheme-trials/${input.id}`)).body.result).toMatchObject({ visits })
    console.info(`${visits} visits: ${answered} other answers meanwhile, the longest took ${Math.round(longest)} ms`)
  })

  test('days to come, and more than two years, are refused', async () => {
    const { ask, first, write } = await newDesk()
    const { body } = await write(DOUBLE)
    for (const [from, to] of [
      ['2026-11-01', '2026-11-23'],
      ['2024-11-01', TODAY],
      ['2026-11-02', '2026-11-01'],
    ])
      expect(
        (await ask(first, 'POST', '/scheme-trials', { id: randomUUID(), draftId: body.id, from, to })).body,
      ).toMatchObject({
        code: 'TRIAL_SPAN',
      })
  })
})

test('the JSON Schema is public, and the presets are there to begin from', async () => {
  const { ask, first } = await newDesk()
  expect((await ask(null, 'GET', '/scheme-schema')).body).toMatchObject({ title: '积分规则方案', type: 'object' })
  const { body } = await ask<{ code: string }[]>(first, 'GET', '/scheme-presets')
  expect(body.map(({ code }) => code)).toContain('wendeng')
})

test('a run over the API answers what the command answers', async () => {
  const { ask, first } = await newDesk()
  const file = {
    people: [{ id: 'm' }],
    events: [{ kind: 'visit', id: '1', at: '2026-11-22T09:00:00+08:00', by: 'm', servedSeconds: 3600 }],
  }
  const { body } = await ask(first, 'POST', '/scheme-runs', { scheme: SIMPLE, file })
  expect(body).toMatchObject({ problems: [], people: [{ id: 'm', balanceMilliPoints: '12000' }] })
  const wrong = await ask(first, 'POST', '/scheme-runs', { scheme: { ...SIMPLE, earn: {} }, file })
  expect(wrong.body).toMatchObject({ outcomes: [], problems: [{ path: 'earn' }] })
})
