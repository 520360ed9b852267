import type { Point } from '../../shared/core/geo'
import { addDays, type Day } from '../../shared/core/time'
import type { Category } from '../../shared/elder/input'
import type { PersonInput } from '../../shared/person/input'
import { idCheckDigit, type Sex } from '../../shared/person/rules'
import { givenName, surname } from './names'
import { aroundZero, chance, pick, pickWeighted, type Random, randomFor, wholeBetween } from './random'

export type DemoVillage = { code: string; name: string; kind: string }
export type DemoPerson = PersonInput & { sex: Sex; birthDate: Day }
export type DemoContact = { relation: string; name: string; phone: string }
export type DemoElder = {
  index: number
  villageCode: string
  person: DemoPerson
  /** 北庄村 36号, 横山社区 3号楼2单元402室 */
  address: string
  /** lives with the elder of this index, who comes before; null for the first or only one behind a door */
  householdOf: number | null
  /** has a phone he or she can confirm with */
  ownPhone: boolean
  categories: { category: Category; validFrom: Day }[]
  contacts: DemoContact[]
  /** where the plate will be fixed, WGS-84 */
  homePoint: Point
}
export type DemoHelper = {
  index: number
  villageCode: string
  person: DemoPerson
  capacity: 'volunteer' | 'neighbourHelper'
}
export type DemoPeople = {
  count: number
  /** 0 … count − 1; villages follow one another in the order given, so a village's elders are neighbours */
  elder(index: number): DemoElder
  /** any number of them; 银龄互助: half are between 55 and 69 themselves */
  helper(index: number): DemoHelper
  /** of working age, for staff and redemption points; any number of them */
  adult(index: number): DemoPerson
}

/**
 * Sixty and older, by the national census of 2020 (60+ 264.0 million, 65+ 190.6, 80+ 35.8). Wendeng's own 171,000 are
 * published without ages.
 */
const AGES: readonly (readonly [from: number, share: number])[] = [
  [60, 27.8],
  [65, 28.0],
  [70, 18.8],
  [75, 11.8],
  [80, 7.7],
  [85, 4.1],
  [90, 1.4],
  [95, 0.4],
]
/** By decade of life, from the sixties. All placeholders but where a source is named. */
type ByDecade = readonly [sixties: number, seventies: number, eighties: number]
const decade = (age: number, shares: ByDecade) => shares[Math.min(2, Math.floor(age / 10) - 6)] ?? 0

/** The national survey of 2021: 45.5 % live with their spouse only; the oldest have mostly lost theirs. */
const COUPLE: ByDecade = [0.52, 0.42, 0.16]
/** The census has 51.7 % women above sixty, 58 % above eighty; couples take one of each. */
const FEMALE_ALONE: ByDecade = [0.52, 0.56, 0.62]
const PHONE: ByDecade = [0.97, 0.88, 0.7]
/** Of those with a phone: one that runs the app. */
const SMARTPHONE: ByDecade = [0.75, 0.45, 0.15]
const ID_CARD = 0.99

/**
 * Shares on the town's register, not in the population: the national survey of 2021 finds 14.2 % living alone and 11.6 %
 * dependent, but a register of 特殊困难老年人 holds only who needs visits. That it is one elder in ten, and all numbers
 * here, are placeholders.
 */
type TagShares = Partial<Record<Category, ByDecade>>
const TAGS_OF_PERSON: TagShares = { severeDisability: [0.008, 0.012, 0.016], disabled: [0.006, 0.02, 0.07] }
const TAGS_OF_SINGLE: TagShares = {
  livingAlone: [0.03, 0.13, 0.22],
  poor: [0.012, 0.014, 0.014],
  specialFamily: [0.007, 0.006, 0.002],
}
/** Of couples, both are. */
const TAGS_OF_COUPLE: TagShares = { emptyNest: [0.01, 0.06, 0.25], specialFamily: [0.007, 0.006, 0.002] }
const TAGS_OF_VILLAGER: TagShares = { leftBehind: [0.008, 0.015, 0.02] }

type Relation = { word: string; sex: Sex; sameFamily: boolean }
const SON: Relation = { word: '儿子', sex: 'male', sameFamily: true }
const DAUGHTER: Relation = { word: '女儿', sex: 'female', sameFamily: true }
const CHILDREN: readonly Relation[] = [
  ...[SON, SON, DAUGHTER, DAUGHTER],
  { word: '儿媳', sex: 'female', sameFamily: false },
  { word: '女婿', sex: 'male', sameFamily: false },
]
const CONTACTS_OF_CHILDLESS: readonly Relation[] = [
  { word: '侄子', sex: 'male', sameFamily: true },
  { word: '侄女', sex: 'female', sameFamily: true },
  { word: '邻居', sex: 'male', sameFamily: false },
]

/**
 * 文登营 大水泊 张家产 高村 泽库 侯家 宋村 泽头 小观 葛家 米山 界石, roughly, to a few kilometres: a demo's plates hang nowhere.
 * Any other town lies around the county's centre.
 */
const WENDENG: Point = { lat: 37.194, lon: 122.058 }
const TOWN_CENTRES: Readonly<Record<string, Point>> = {
  '371003100': { lat: 37.25, lon: 122.14 },
  '371003101': { lat: 37.18, lon: 122.21 },
  '371003102': { lat: 37.1, lon: 122.14 },
  '371003103': { lat: 37.09, lon: 122.29 },
  '371003104': { lat: 37.0, lon: 122.08 },
  '371003105': { lat: 37.01, lon: 122.18 },
  '371003106': { lat: 37.1, lon: 121.97 },
  '371003107': { lat: 37.05, lon: 121.9 },
  '371003108': { lat: 36.95, lon: 121.8 },
  '371003109': { lat: 37.14, lon: 121.84 },
  '371003110': { lat: 37.2, lon: 121.95 },
  '371003111': { lat: 37.27, lon: 121.84 },
}
const DEGREES_PER_METRE = 1 / 111_195

/** People who share no ID number and no phone number: each kind numbers its own from here. */
const SERIALS = { elder: 0, helper: 1_000_000, adult: 1_500_000, contact: 2_000_000 }

/**
 * A made-up population. The same seed, villages, count and day make the same people, each on demand and in any order, so
 * that a county of 171,000 needs no more memory than a village.
 *
 * Nobody real is in it: ID numbers begin with 990000–999999, which are no places, and mobile numbers with 154, which is
 * given to no operator. Both pass every check of form.
 *
 * @param day the day of the register: ages are as of it, and no category begins after it
 */
export function demoPeople(seed: number, villages: readonly DemoVillage[], count: number, day: Day): DemoPeople {
  const firstHouse = housesOf(seed, villages, Math.ceil(count / 2))
  return { count, elder, helper, adult }

  function elder(index: number): DemoElder {
    if (!Number.isInteger(index) || index < 0 || index >= count) throw new RangeError(`there is no elder ${index}`)
    const pair = Math.floor(index / 2)
    const place = villageOf(pair)
    const house = pair - (firstHouse[place] ?? 0)
    return elderBehind(seed, day, villageAt(place), house, index)
  }

  function helper(index: number): DemoHelper {
    const random = randomFor(seed, 'helper', index)
    const age = chance(random, 0.5) ? wholeBetween(random, 55, 69) : wholeBetween(random, 22, 54)
    const sex = chance(random, 0.6) ? 'female' : 'male'
    const person = personOf(random, seed, SERIALS.helper + index, {
      sex,
      birth: birthDate(random, age, day),
      family: surname(random),
    })
    // a helper for every village first; then wherever
    const village = index < villages.length ? villageAt(index) : pick(random, villages)
    return {
      index,
      villageCode: village.code,
      person,
      capacity: index < villages.length ? 'neighbourHelper' : 'volunteer',
    }
  }

  function adult(index: number): DemoPerson {
    const random = randomFor(seed, 'adult', index)
    const birth = birthDate(random, wholeBetween(random, 26, 57), day)
    return personOf(random, seed, SERIALS.adult + index, {
      sex: chance(random, 0.5) ? 'female' : 'male',
      birth,
      family: surname(random),
    })
  }

  function villageAt(place: number): DemoVillage {
    const village = villages[place]
    if (village === undefined) throw new RangeError('a demo needs a village')
    return village
  }

  /** The last village whose houses begin at or before this pair. */
  function villageOf(pair: number): number {
    let [low, high] = [0, villages.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((firstHouse[middle] ?? 0) <= pair) low = middle
      else high = middle - 1
    }
    return low
  }
}

/** The number of each village's first house: villages differ in size up to three times, communities are bigger still. */
function housesOf(seed: number, villages: readonly DemoVillage[], houses: number): number[] {
  const sizes = villages.map(
    (village) => (1 + 2 * randomFor(seed, 'size', village.code)()) * (village.kind === 'community' ? 4 : 1),
  )
  const all = sizes.reduce((sum, size) => sum + size, 0)
  let before = 0
  return sizes.map((size) => {
    const first = Math.round((before / all) * houses)
    before += size
    return first
  })
}

/** What is settled about an elder before there is a name. */
type Life = {
  age: number
  sex: Sex
  family: string
  childFamily: string
  door: number
  tags: Category[]
  householdOf: number | null
}

/** Two elders to a pair of doors: a couple behind the first, or one behind each. */
function elderBehind(seed: number, day: Day, village: DemoVillage, house: number, index: number): DemoElder {
  const pair = randomFor(seed, 'pair', Math.floor(index / 2))
  const own = randomFor(seed, 'elder', index)
  const age = ageOfElder(pair)
  const tagsOfPlace = village.kind === 'village' ? TAGS_OF_VILLAGER : {}
  const life = chance(pair, decade(age, COUPLE))
    ? ofCouple(pair, own, age)
    : alone(own, index % 2 === 0 ? age : ageOfElder(own))
  const birth = birthDate(own, life.age, day)
  const person = personOf(own, seed, SERIALS.elder + index, { ...life, birth }, decade(life.age, PHONE))
  return {
    index,
    villageCode: village.code,
    person,
    address: addressOf(village, life.door),
    householdOf: life.householdOf,
    ownPhone: person.phone !== undefined && chance(own, decade(life.age, SMARTPHONE)),
    categories: life.tags.map((category) => ({ category, validFrom: addDays(day, -wholeBetween(own, 0, 900)) })),
    contacts: contactsOf(own, seed, index, life, birth),
    homePoint: pointOf(seed, village, life.door),
  }

  /** What both share is drawn from the pair's own stream, in the same order for both. */
  function ofCouple(pair: Random, own: Random, age: number): Life {
    const isSecond = index % 2 === 1
    const isHusband = chance(pair, 0.5) === isSecond
    const husbandFamily = surname(pair)
    const ownAge = isSecond ? Math.min(99, Math.max(60, age + wholeBetween(own, -4, 4))) : age
    return {
      age: ownAge,
      sex: isHusband ? 'male' : 'female',
      family: isHusband ? husbandFamily : surname(own),
      childFamily: husbandFamily,
      door: 2 * house,
      tags: [...tagsBy(pair, age, { ...TAGS_OF_COUPLE, ...tagsOfPlace }), ...tagsBy(own, ownAge, TAGS_OF_PERSON)],
      householdOf: isSecond ? index - 1 : null,
    }
  }

  function alone(own: Random, ownAge: number): Life {
    const sex = chance(own, decade(ownAge, FEMALE_ALONE)) ? 'female' : 'male'
    const family = surname(own)
    return {
      age: ownAge,
      sex,
      family,
      childFamily: sex === 'male' ? family : surname(own),
      door: 2 * house + (index % 2),
      tags: tagsBy(own, ownAge, { ...TAGS_OF_SINGLE, ...tagsOfPlace, ...TAGS_OF_PERSON }),
      householdOf: null,
    }
  }
}

function ageOfElder(random: Random): number {
  return pickWeighted(random, AGES) + wholeBetween(random, 0, 4)
}

/** Any day on which who was born then is exactly so old. */
function birthDate(random: Random, age: number, day: Day): Day {
  const birthday = `${Number(day.slice(0, 4)) - age}${day.slice(4)}`.replace(/-02-29$/, '-02-28')
  return addDays(birthday, -wholeBetween(random, 0, 364))
}

type Birth = { sex: Sex; birth: Day; family: string }

function personOf(
  random: Random,
  seed: number,
  serial: number,
  { sex, birth, family }: Birth,
  phoneShare = 1,
): DemoPerson {
  const name = family + givenName(random, sex, birth)
  const phone = chance(random, phoneShare) ? { phone: phoneOf(seed, serial) } : {}
  const person = { name, sex, birthDate: birth, ...phone }
  if (!chance(random, ID_CARD)) return { ...person, identityKind: 'none' }
  return { ...person, identityKind: 'idCard', idNumber: idNumberOf(seed, serial, sex, birth) }
}

/**
 * A different number for each serial below 5 million: the serial is spread over the 10,000 prefixes 990000–999999
 * (7919 shares no factor with 10,000, so none is hit twice) and the 500 sequence numbers of a sex.
 */
function idNumberOf(seed: number, serial: number, sex: Sex, birth: Day): string {
  const prefix = 990_000 + ((serial * 7919 + Math.abs(seed)) % 10_000)
  const sequence = 2 * (Math.floor(serial / 10_000) % 500) + (sex === 'male' ? 1 : 0)
  const digits = `${prefix}${birth.replaceAll('-', '')}${String(sequence).padStart(3, '0')}`
  return digits + idCheckDigit(digits)
}

/** A different number for each serial: 48271 shares no factor with 100 million. */
function phoneOf(seed: number, serial: number): string {
  return `154${String((serial * 48_271 + Math.abs(seed)) % 100_000_000).padStart(8, '0')}`
}

function tagsBy(random: Random, age: number, shares: TagShares): Category[] {
  return (Object.keys(shares) as Category[]).filter((category) =>
    chance(random, decade(age, shares[category] ?? [0, 0, 0])),
  )
}

/** One or two to telephone: children of the family, and where there are none, a nephew or a neighbour. */
function contactsOf(
  random: Random,
  seed: number,
  index: number,
  { tags, childFamily }: Life,
  parentBirth: Day,
): DemoContact[] {
  const childless = tags.includes('specialFamily') || tags.includes('poor')
  return Array.from({ length: chance(random, 0.35) ? 2 : 1 }, (_, which) => {
    const relation = pick(random, childless ? CONTACTS_OF_CHILDLESS : CHILDREN)
    const birth = `${Number(parentBirth.slice(0, 4)) + wholeBetween(random, 22, 32)}-06-15`
    const family = relation.sameFamily ? childFamily : surname(random)
    const name = family + givenName(random, relation.sex, birth)
    return { relation: relation.word, name, phone: phoneOf(seed, SERIALS.contact + 2 * index + which) }
  })
}

/** No two doors of a village are alike: the door's number is the house's, or block, entrance, floor and flat. */
function addressOf(village: DemoVillage, door: number): string {
  if (village.kind !== 'community') return `${village.name} ${door + 1}号`
  const [block, entrance] = [1 + Math.floor(door / 30), 1 + (Math.floor(door / 10) % 3)]
  const [floor, flat] = [1 + (Math.floor(door / 2) % 5), 1 + (door % 2)]
  return `${village.name} ${block}号楼${entrance}单元${floor}0${flat}室`
}

/** Doors lie within some 250 m of their village, villages within some 4 km of their town. */
function pointOf(seed: number, village: DemoVillage, door: number): Point {
  const centre = TOWN_CENTRES[village.code.slice(0, 9)] ?? WENDENG
  const villageCentre = moved(centre, randomFor(seed, 'village', village.code), 2000)
  return moved(villageCentre, randomFor(seed, 'door', village.code, door), 120)
}

function moved(from: Point, random: Random, metres: number): Point {
  const lat = from.lat + aroundZero(random) * metres * DEGREES_PER_METRE
  const lon = from.lon + (aroundZero(random) * metres * DEGREES_PER_METRE) / Math.cos((from.lat * Math.PI) / 180)
  return { lat: Number(lat.toFixed(6)), lon: Number(lon.toFixed(6)) }
}
