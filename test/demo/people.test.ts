import { expect, test } from 'vitest'
import { type DemoElder, demoPeople } from '../../server/demo/people'
import { randomFor } from '../../server/demo/random'
import { readDivision } from '../../server/region/division'
import { distanceMetres } from '../../shared/core/geo'
import { personInput } from '../../shared/person/input'
import { ageOn, birthOf, sexOf, whyNotIdNumber, whyNotName, whyNotPhone } from '../../shared/person/rules'

const DAY = '2026-11-22'
const villages = (await readDivision('371003')).filter((node) => node.code.length === 12)
const pilot = villages.filter((village) => /^37100310[47]/.test(village.code))
const COUNT = 20_000
const county = demoPeople(7, villages, COUNT, DAY)
const elders = Array.from({ length: COUNT }, (_, index) => county.elder(index))
const kindOf = new Map(villages.map((village) => [village.code, village.kind]))
const age = (elder: DemoElder) => ageOn(elder.person.birthDate, DAY)
const share = (is: (elder: DemoElder) => boolean) => elders.filter(is).length / COUNT
const has = (elder: DemoElder, category: string) => elder.categories.some((tag) => tag.category === category)

test('the same seed makes the same people, in whatever order they are asked for', () => {
  const again = demoPeople(7, villages, COUNT, DAY)
  for (const index of [19_999, 0, 4711, 4710]) expect(again.elder(index)).toEqual(elders[index])
  expect(again.helper(12)).toEqual(county.helper(12))
  expect(again.adult(3)).toEqual(county.adult(3))
  expect(demoPeople(8, villages, COUNT, DAY).elder(0).person.name).not.toBe(elders[0]?.person.name)
})

test('every ID number is valid, says the same birth date and sex as the person, and names no real place', () => {
  const numbered = elders.filter(({ person }) => person.identityKind === 'idCard')
  expect(numbered.length).toBeGreaterThan(0.98 * COUNT)
  const wrong = numbered.filter(({ person: { idNumber = '', birthDate, sex } }) => {
    const isSound = whyNotIdNumber(idNumber, DAY) === null && /^99\d{4}/.test(idNumber)
    return !isSound || birthOf(idNumber) !== birthDate || sexOf(idNumber) !== sex
  })
  expect(wrong).toEqual([])
})

test('no two people of a county share an ID number or a phone', () => {
  const helpers = Array.from({ length: 5000 }, (_, index) => county.helper(index).person)
  const adults = Array.from({ length: 500 }, (_, index) => county.adult(index))
  const people = [...elders.map((elder) => elder.person), ...helpers, ...adults]
  const ids = people.flatMap((person) => person.idNumber ?? [])
  const phones = [
    ...people.flatMap((person) => person.phone ?? []),
    ...elders.flatMap((elder) => elder.contacts.map((contact) => contact.phone)),
  ]
  expect(new Set(ids).size).toBe(ids.length)
  expect(new Set(phones).size).toBe(phones.length)
  expect(phones.filter((phone) => whyNotPhone(phone) !== null || !phone.startsWith('154'))).toEqual([])
})

test('every person could be typed in as is, and has a name people bear', () => {
  for (const { person, contacts } of elders.slice(0, 3000)) {
    expect(personInput.safeParse(person).success).toBe(true)
    for (const { name } of [person, ...contacts]) expect(whyNotName(name)).toBeNull()
  }
  expect(new Set(elders.map((elder) => elder.person.name)).size).toBeGreaterThan(COUNT / 3)
})

test('ages run from 60 to 99 as in the census of 2020: 28 % below 65, a seventh from 80 on', () => {
  expect(elders.every((elder) => age(elder) >= 60 && age(elder) <= 99)).toBe(true)
  expect(share((elder) => age(elder) < 65)).toBeCloseTo(0.278, 1)
  expect(share((elder) => age(elder) >= 80)).toBeGreaterThan(0.1)
  expect(share((elder) => age(elder) >= 80)).toBeLessThan(0.15)
  expect(share((elder) => elder.person.sex === 'female')).toBeGreaterThan(0.5)
  expect(share((elder) => elder.person.sex === 'female')).toBeLessThan(0.56)
})

test('about one elder in ten is on the register of those who need visits, the oldest most of all', () => {
  const tagged = (elder: DemoElder) => elder.categories.length > 0
  expect(share(tagged)).toBeGreaterThan(0.08)
  expect(share(tagged)).toBeLessThan(0.15)
  const oldest = elders.filter((elder) => age(elder) >= 80)
  expect(oldest.filter(tagged).length / oldest.length).toBeGreaterThan(2 * share(tagged))
  expect(elders.flatMap((elder) => elder.categories).filter((tag) => tag.validFrom > DAY)).toEqual([])
  for (const category of [
    'livingAlone',
    'emptyNest',
    'leftBehind',
    'specialFamily',
    'severeDisability',
    'disabled',
    'poor',
  ])
    expect(share((elder) => has(elder, category))).toBeGreaterThan(0.003)
})

test('a couple is a man and a woman of one address and one village; who lives alone is no couple', () => {
  const seconds = elders.filter((elder) => elder.householdOf !== null)
  expect(seconds.length).toBeGreaterThan(COUNT / 6)
  for (const second of seconds.slice(0, 500)) {
    const first = elders[second.householdOf ?? -1] as DemoElder
    expect(first.index).toBe(second.index - 1)
    expect([first.villageCode, first.address, first.homePoint]).toEqual([
      second.villageCode,
      second.address,
      second.homePoint,
    ])
    expect(new Set([first.person.sex, second.person.sex]).size).toBe(2)
    for (const one of [first, second]) expect(has(one, 'livingAlone') || has(one, 'poor')).toBe(false)
    expect(has(first, 'emptyNest')).toBe(has(second, 'emptyNest'))
  }
})

test('only villagers are left behind, and nobody else lives behind the same door', () => {
  for (const elder of elders) if (has(elder, 'leftBehind')) expect(kindOf.get(elder.villageCode)).toBe('village')
  const firsts = elders
    .filter((elder) => elder.householdOf === null)
    .map((elder) => `${elder.villageCode} ${elder.address}`)
  expect(new Set(firsts).size).toBe(firsts.length)
})

test('every village of the pilot has elders among six hundred, side by side and near their town', () => {
  const people = demoPeople(1, pilot, 600, DAY)
  const codes = Array.from({ length: 600 }, (_, index) => people.elder(index).villageCode)
  expect(new Set(codes).size).toBe(pilot.length)
  expect(codes.filter((code, index) => code !== codes[index - 1])).toHaveLength(pilot.length)
  const zetou = { lat: 37.05, lon: 121.9 }
  for (let index = 0; index < 600; index++) {
    const { villageCode, homePoint } = people.elder(index)
    if (villageCode.startsWith('371003107')) expect(distanceMetres(homePoint, zetou)).toBeLessThan(7000)
  }
})

test('phones grow rare with age, and nobody confirms on a phone they have not got', () => {
  const withPhone = (elder: DemoElder) => elder.person.phone !== undefined
  const [younger, oldest] = [elders.filter((elder) => age(elder) < 70), elders.filter((elder) => age(elder) >= 80)]
  expect(younger.filter(withPhone).length / younger.length).toBeGreaterThan(0.95)
  expect(oldest.filter(withPhone).length / oldest.length).toBeLessThan(0.75)
  expect(elders.filter((elder) => elder.ownPhone && !withPhone(elder))).toEqual([])
})

test('helpers are grown up, half of them 55 or older; the first ones are the neighbour helpers, one a village', () => {
  const helpers = Array.from({ length: 2000 }, (_, index) => county.helper(index))
  const ages = helpers.map((helper) => ageOn(helper.person.birthDate, DAY))
  expect(Math.min(...ages)).toBeGreaterThanOrEqual(22)
  expect(Math.max(...ages)).toBeLessThan(70)
  expect(ages.filter((one) => one >= 55).length / ages.length).toBeCloseTo(0.5, 1)
  const neighbourHelpers = helpers.filter((helper) => helper.capacity === 'neighbourHelper')
  expect(neighbourHelpers.map((helper) => helper.villageCode)).toEqual(villages.map((village) => village.code))
})

test('there is no elder beyond the count', () => {
  for (const index of [-1, COUNT, 0.5]) expect(() => county.elder(index)).toThrow(RangeError)
})

test('on 29 February, too, everybody is as old as drawn', () => {
  const leap = demoPeople(3, pilot, 400, '2028-02-29')
  for (let index = 0; index < 400; index++) {
    const years = ageOn(leap.elder(index).person.birthDate, '2028-02-29')
    expect(years).toBeGreaterThanOrEqual(60)
    expect(years).toBeLessThanOrEqual(99)
  }
})

test('streams of neighbouring keys are unrelated and evenly spread', () => {
  const draws = Array.from({ length: 10_000 }, (_, index) => randomFor(1, 'elder', index)())
  expect(draws.reduce((sum, draw) => sum + draw, 0) / draws.length).toBeCloseTo(0.5, 1)
  for (let tenth = 0; tenth < 10; tenth++)
    expect(draws.filter((draw) => Math.floor(draw * 10) === tenth).length).toBeGreaterThan(850)
  const follows = draws.filter((draw, index) => draw > (draws[index - 1] ?? 1)).length
  expect(Math.abs(follows - 5000)).toBeLessThan(200)
  expect(randomFor(1, 'elder', 5)()).not.toBe(randomFor(2, 'elder', 5)())
})
