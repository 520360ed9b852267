/**
 * The kinds a region is born with. Kinds are rows of the database and a place may add its own; these are the ones the
 * national statistics know, plus the grid. A zone (a development area that governs like a county or a town) sits at any
 * level.
 */
export const REGION_KINDS = [
  { code: 'province', name: '省', level: 1 },
  { code: 'city', name: '市', level: 2 },
  { code: 'county', name: '县（市、区）', level: 3 },
  { code: 'zone', name: '功能区', level: 3 },
  { code: 'town', name: '乡镇', level: 4 },
  { code: 'street', name: '街道', level: 4 },
  { code: 'village', name: '村', level: 5 },
  { code: 'community', name: '社区', level: 5 },
  { code: 'grid', name: '网格', level: 6 },
] as const

export type RegionKind = (typeof REGION_KINDS)[number]['code']

/** 371003104201 → 371003104 → 371003 → 3710 → 37: a code begins with its parent's. */
const LEVEL_OF_LENGTH: Readonly<Record<number, number>> = { 2: 1, 4: 2, 6: 3, 9: 4, 12: 5 }
const LENGTHS = [2, 4, 6, 9, 12]

/** 1 province … 5 village; null for what is no statistical code (统计用区划代码编制规则: 2, 4, 6, 9 or 12 digits). */
export function levelOfCode(code: string): number | null {
  return /^\d+$/.test(code) ? (LEVEL_OF_LENGTH[code.length] ?? null) : null
}

/** The codes above, the province first: 371003 → 37, 3710. */
export function codesAbove(code: string): string[] {
  return LENGTHS.filter((length) => length < code.length).map((length) => code.slice(0, length))
}

/**
 * What kind of place a statistical code and its official name mean. The name decides where it says so; else the
 * code does: counties 71–79 are development zones; of towns 001–099 are streets, 100–399 towns, 400–599 "like a
 * town"; of villages 000–199 and 400–499 are residents' committees, the rest villagers'.
 */
export function kindOfCode(code: string, officialName: string): RegionKind {
  switch (levelOfCode(code)) {
    case 1:
      return 'province'
    case 2:
      return 'city'
    case 3:
      return code[4] === '7' ? 'zone' : 'county'
    case 4:
      return kindOfTown(Number(code.slice(6)), officialName)
    case 5:
      return kindOfVillage(Number(code.slice(9)), officialName)
    default:
      throw new RangeError(`${code} is no statistical region code`)
  }
}

function kindOfTown(number: number, name: string): RegionKind {
  if (/街道(办事处)?$/.test(name)) return 'street'
  if (/(镇|乡|苏木)$/.test(name)) return 'town'
  if (number < 100) return 'street'
  return number < 400 ? 'town' : 'zone'
}

function kindOfVillage(number: number, name: string): RegionKind {
  if (/(社区|居民委员会|居委会?)$/.test(name)) return 'community'
  if (/(村民委员会|村委员会|村委会?)$/.test(name)) return 'village'
  return number < 200 || (number >= 400 && number < 500) ? 'community' : 'village'
}

const COMMITTEE = /((?<=村)委员会|村民委员会|村委会?|居民委员会|居委会?)$/

/**
 * The name people say, from the official one: 北庄村民委员会 → 北庄村, 漓东街道办事处 → 漓东街道,
 * 横山社区居委会 → 横山社区. Names that end otherwise stay as they are.
 */
export function shortNameOf(kind: RegionKind, officialName: string): string {
  if (kind === 'street') return officialName.replace(/街道办事处$/, '街道')
  if (kind !== 'village' && kind !== 'community') return officialName
  const stem = officialName.replace(COMMITTEE, '')
  if (stem === officialName || stem === '' || /(村|嘎查|社区)$/.test(stem)) return stem || officialName
  return stem + (kind === 'village' ? '村' : '社区')
}
