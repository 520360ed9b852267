import type { SettingValues } from '../region/settings'

/** What of a visit the rules look at: no names, no places, only what is the same as what. */
export type Fact = {
  memberId: string
  memberPersonId: string
  elderIds: readonly string[]
  /** the persons who were served: somebody may be helper and elder at once */
  elderPersonIds: readonly string[]
  day: string
  servedSeconds: number
  regionPath: string
  enteredByPersonId: string | null
  /** marks of raw coordinates, phones and plates of its ends */
  marks: readonly string[]
  deviceIds: readonly string[]
  plateIds: readonly string[]
}
export type Kind =
  | 'roundTimes'
  | 'closePair'
  | 'reciprocal'
  | 'sameSpot'
  | 'sharedDevice'
  | 'busyPlate'
  | 'manualClerk'
  | 'newDevice'
type Detail = Record<string, number>
/** @property score how far beyond the threshold, 0–100: what is looked at first */
export type Finding = { kind: Kind; subjects: string[]; regionPath: string; score: number; detail: Detail }

type Limits = Pick<
  SettingValues,
  | 'anomalyVisitsMin'
  | 'anomalyRoundPercent'
  | 'anomalyPairPercent'
  | 'anomalySameSpot'
  | 'anomalyPlateDayMax'
  | 'anomalyClerkSigma'
  | 'anomalyNewDeviceHours'
>

const ROUND_SECONDS = 1800
/** A few seconds more or less are still "exactly half an hour" to whoever watches the clock. */
const ROUND_SLACK_SECONDS = 30
const NEW_DEVICE_DAYS = 7

/**
 * Everything in the records of some time that staff should look at, the oddest first. It says why in numbers and judges
 * nobody.
 *
 * @param firstDays the day phones that are new in this time were first bound
 */
export function anomaliesIn(
  facts: readonly Fact[],
  limits: Limits,
  firstDays: ReadonlyMap<string, string> = new Map(),
): Finding[] {
  return [
    ...roundTimes(facts, limits),
    ...closePairs(facts, limits),
    ...reciprocals(facts, limits),
    ...sameSpots(facts, limits),
    ...sharedDevices(facts),
    ...busyPlates(facts, limits),
    ...manualClerks(facts, limits),
    ...newDevices(facts, limits, firstDays),
  ].sort((one, other) => other.score - one.score || (one.subjects.join() < other.subjects.join() ? -1 : 1))
}

function roundTimes(facts: readonly Fact[], { anomalyRoundPercent: most, anomalyVisitsMin }: Limits): Finding[] {
  return [...grouped(facts, ({ memberId }) => [memberId])].flatMap(([memberId, own]) => {
    const percent = percentOf(own.filter(({ servedSeconds }) => isRound(servedSeconds)).length, own.length)
    if (own.length < anomalyVisitsMin || percent <= most) return []
    // Nine of ten may happen to a few; nine of ten of many don't happen.
    const score = scaled(percent, most, 100, 40) * Math.min(1, own.length / (2 * anomalyVisitsMin))
    return [finding('roundTimes', [memberId], own, score, { percent, visits: own.length, most })]
  })
}

function isRound(seconds: number): boolean {
  const rest = seconds % ROUND_SECONDS
  return seconds >= ROUND_SECONDS - ROUND_SLACK_SECONDS && Math.min(rest, ROUND_SECONDS - rest) <= ROUND_SLACK_SECONDS
}

/** Most of a helper's hours with one elder. A helper of one elder only is no case: that is what neighbours are. */
function closePairs(facts: readonly Fact[], { anomalyPairPercent: most, anomalyVisitsMin }: Limits): Finding[] {
  return [...grouped(facts, ({ memberId }) => [memberId])].flatMap(([memberId, own]) => {
    const pairs = [...grouped(own, ({ elderIds }) => elderIds)]
    if (own.length < anomalyVisitsMin || pairs.length < 2) return []
    return pairs.flatMap(([elderId, both]) => {
      const percent = percentOf(secondsOf(both), secondsOf(own))
      const hours = Math.floor(secondsOf(both) / 3600)
      if (percent <= most) return []
      return [
        finding('closePair', [memberId, elderId], both, scaled(percent, most, 100, 30), {
          ...{ percent, hours, visits: both.length, most },
        }),
      ]
    })
  })
}

/** Two who serve each other. */
function reciprocals(facts: readonly Fact[], { anomalyVisitsMin }: Limits): Finding[] {
  const served = grouped(facts, (fact) => fact.elderPersonIds.map((id) => `${fact.memberPersonId} ${id}`))
  return [...served].flatMap(([pair, there]) => {
    const [helper = '', elder = ''] = pair.split(' ')
    const back = served.get(`${elder} ${helper}`) ?? []
    const times = Math.min(there.length, back.length)
    if (helper >= elder || times === 0) return []
    const score = scaled(times, 0, anomalyVisitsMin, 50)
    return [finding('reciprocal', [helper, elder], there, score, { there: there.length, back: back.length })]
  })
}

/** The very same raw coordinates again and again: a real reading is hardly ever the same twice. */
function sameSpots(facts: readonly Fact[], { anomalySameSpot: most }: Limits): Finding[] {
  return [...grouped(facts, ({ marks }) => [...new Set(marks)]).values()].flatMap((same) => {
    const helpers = membersOf(same)
    if (same.length < most) return []
    return [
      finding('sameSpot', helpers.slice(0, 10), same, scaled(same.length, most, most * 4, 60), {
        ...{ visits: same.length, helpers: helpers.length, most },
      }),
    ]
  })
}

function sharedDevices(facts: readonly Fact[]): Finding[] {
  return [...grouped(facts, ({ deviceIds }) => [...new Set(deviceIds)]).values()].flatMap((same) => {
    const helpers = membersOf(same)
    if (helpers.length < 2) return []
    const detail = { helpers: helpers.length, visits: same.length }
    return [finding('sharedDevice', helpers.slice(0, 10), same, 50 + 10 * helpers.length, detail)]
  })
}

function busyPlates(facts: readonly Fact[], { anomalyPlateDayMax: most }: Limits): Finding[] {
  return [...grouped(facts, ({ plateIds }) => [...new Set(plateIds)])].flatMap(([plateId, own]) => {
    const days = [...grouped(own, ({ day }) => [day]).values()].filter((same) => same.length > most)
    const times = Math.max(0, ...days.map((same) => same.length))
    if (days.length === 0) return []
    const score = 20 + 8 * (times - most) + 2 * days.length
    return [finding('busyPlate', [plateId], days.flat(), score, { times, days: days.length, most })]
  })
}

/** A clerk who typed far more than the others did. */
function manualClerks(facts: readonly Fact[], { anomalyClerkSigma }: Limits): Finding[] {
  const typed = [...grouped(facts, ({ enteredByPersonId }) => (enteredByPersonId === null ? [] : [enteredByPersonId]))]
  return typed.flatMap(([clerk, own]) => {
    const others = typed.filter(([id]) => id !== clerk).map(([, lines]) => lines.length)
    if (others.length < 3) return []
    const mean = others.reduce((sum, one) => sum + one, 0) / others.length
    const sigma = Math.sqrt(others.reduce((sum, one) => sum + (one - mean) ** 2, 0) / others.length)
    const most = Math.round(mean + anomalyClerkSigma * Math.max(1, sigma))
    if (own.length <= most) return []
    const detail = { lines: own.length, mean: Math.round(mean), most }
    return [finding('manualClerk', [clerk], own, scaled(own.length, most, most * 3, 50), detail)]
  })
}

/** A phone that was not seen before, and then many hours at once. */
function newDevices(
  facts: readonly Fact[],
  { anomalyNewDeviceHours: most }: Limits,
  firstDays: ReadonlyMap<string, string>,
): Finding[] {
  return [...grouped(facts, ({ deviceIds }) => [...new Set(deviceIds)])].flatMap(([deviceId, own]) => {
    const first = firstDays.get(deviceId)
    if (first === undefined) return []
    const early = own.filter(({ day }) => day >= first && day < daysAfter(first, NEW_DEVICE_DAYS))
    const hours = Math.floor(secondsOf(early) / 3600)
    if (hours <= most) return []
    const detail = { hours, visits: early.length, most }
    return [finding('newDevice', membersOf(early).slice(0, 10), early, scaled(hours, most, most * 3, 40), detail)]
  })
}

function daysAfter(day: string, days: number): string {
  return new Date(new Date(`${day}T00:00:00Z`).getTime() + days * 86_400_000).toISOString().slice(0, 10)
}

function finding(kind: Kind, subjects: string[], own: readonly Fact[], score: number, detail: Detail): Finding {
  const regionPath = commonPath(own.map((fact) => fact.regionPath))
  return { kind, subjects, regionPath, score: Math.max(0, Math.min(100, Math.round(score))), detail }
}

/** From `least` at the threshold to 100 at `highest`. */
function scaled(value: number, threshold: number, highest: number, least: number): number {
  if (highest <= threshold) return 100
  return Math.min(100, least + ((100 - least) * (value - threshold)) / (highest - threshold))
}

function percentOf(part: number, all: number): number {
  return all === 0 ? 0 : Math.floor((part * 100) / all)
}

function secondsOf(facts: readonly Fact[]): number {
  return facts.reduce((sum, { servedSeconds }) => sum + servedSeconds, 0)
}

function membersOf(facts: readonly Fact[]): string[] {
  return [...new Set(facts.map(({ memberId }) => memberId))].sort()
}

function grouped(facts: readonly Fact[], keysOf: (fact: Fact) => readonly string[]): Map<string, Fact[]> {
  const groups = new Map<string, Fact[]>()
  for (const fact of facts)
    for (const key of keysOf(fact)) {
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [fact])
      else group.push(fact)
    }
  return groups
}

/** The deepest region all of them are in: who answers for all of it sees the case. */
function commonPath(paths: readonly string[]): string {
  const [steps = [], ...others] = paths.map((path) => path.split('/').filter((step) => step !== ''))
  let length = steps.length
  for (const own of others) {
    let same = 0
    while (same < length && own[same] === steps[same]) same++
    length = same
  }
  return length === 0 ? '/' : `/${steps.slice(0, length).join('/')}/`
}

export const KIND_WORDS: Record<Kind, string> = {
  roundTimes: '时长总是整半小时',
  closePair: '时间大多给了一位老人',
  reciprocal: '两个人互相服务',
  sameSpot: '定位一模一样',
  sharedDevice: '几个人用同一部手机',
  busyPlate: '一块门牌一天扫太多次',
  manualClerk: '手工录入比别人多太多',
  newDevice: '新手机一下子很多小时',
}

/** Why it is a case, in one sentence with its numbers. */
export function anomalySentence(kind: string, detail: Detail): string {
  const n = (name: string) => detail[name] ?? 0
  const sentences: Record<Kind, string> = {
    roundTimes: `${n('visits')} 次服务里 ${n('percent')}% 是整半小时，超过 ${n('most')}%`,
    closePair: `${n('percent')}% 的时间（${n('hours')} 小时，${n('visits')} 次）给了同一位老人，超过 ${n('most')}%`,
    reciprocal: `一个帮另一个 ${n('there')} 次，反过来 ${n('back')} 次`,
    sameSpot: `${n('visits')} 次服务的原始定位完全一样，${n('helpers')} 个人，${n('most')} 次起算`,
    sharedDevice: `同一部手机 ${n('helpers')} 个人用过，${n('visits')} 次服务`,
    busyPlate: `同一块门牌一天最多 ${n('times')} 次服务，有 ${n('days')} 天超过 ${n('most')} 次`,
    manualClerk: `录了 ${n('lines')} 行，别人平均 ${n('mean')} 行，超过 ${n('most')} 行`,
    newDevice: `新手机头七天 ${n('hours')} 小时，${n('visits')} 次，超过 ${n('most')} 小时`,
  }
  return sentences[kind as Kind] ?? ''
}
