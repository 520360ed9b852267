import { expect, test } from 'vitest'
import { readDivision } from '../../server/region/division'

const wendeng = await readDivision('371003')
const kinds = (...wanted: string[]) => wendeng.filter((node) => wanted.includes(node.kind))

test('Wendeng has 16 towns, streets and zones and 721 villages and communities, as the statistics of 2023 say', () => {
  expect(kinds('town', 'street', 'zone')).toHaveLength(16)
  expect(kinds('zone').map((node) => node.name)).toEqual(['开发区办事处'])
  expect(kinds('village', 'community')).toHaveLength(721)
  expect(wendeng).toHaveLength(3 + 16 + 721)
})

test('the province, the city and the county come first, with their official names', () => {
  expect(wendeng.slice(0, 3)).toEqual([
    { code: '37', name: '山东省', fullName: '山东省', kind: 'province', parentCode: null },
    { code: '3710', name: '威海市', fullName: '威海市', kind: 'city', parentCode: '37' },
    { code: '371003', name: '文登区', fullName: '文登区', kind: 'county', parentCode: '3710' },
  ])
})

test('no code occurs twice, and every parent stands before its children', () => {
  const seen = new Set<string>()
  for (const node of wendeng) {
    expect(seen).not.toContain(node.code)
    if (node.parentCode !== null) expect(seen).toContain(node.parentCode)
    seen.add(node.code)
  }
})

test('the two pilot towns are there with their villages, each with a name of its own', () => {
  for (const [name, count] of [
    ['泽头镇', 47],
    ['泽库镇', 23],
  ] as const) {
    const town = wendeng.find((node) => node.name === name)
    const villages = wendeng.filter((node) => node.parentCode === town?.code).map((node) => node.name)
    expect(villages).toHaveLength(count)
    expect(new Set(villages).size).toBe(villages.length)
    expect(villages.filter((village) => /委|会$/.test(village))).toEqual([])
  }
})

test('what is no code of a region is refused', async () => {
  for (const code of ['', 'abc', '37100', '../../package']) {
    await expect(readDivision(code)).rejects.toMatchObject({ code: 'REGION_UNKNOWN' })
  }
})
