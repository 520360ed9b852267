// A clerk's file: five thousand elders in a workbook are read and judged line by line, half of them registered already.
import { randomUUID } from 'node:crypto'
import ExcelJS from 'exceljs'
import type { Actor } from '../server/core/actor'
import { importFile } from '../server/import/apply'
import { checkFile } from '../server/import/check'
import { ELDER_COLUMNS, type ElderColumn } from '../shared/import/elder-row'
import { IMPORT_ROWS_MAX } from '../shared/import/limits'
import { analyze, type Context, closeAll, config, type Database, medianOf, newDatabases, thousands } from './context'
import { addPlaces, fillElders } from './sets'

const AT = new Date('2026-11-22T01:00:00Z')
const ELDERS = 20_000
const TURNS = 3

export async function measureImport(context: Context): Promise<void> {
  const { say } = context
  say(
    `A workbook of ${thousands(IMPORT_ROWS_MAX)} elders, half of them known, in a county of ${thousands(ELDERS)}; median of ${TURNS}.\n`,
  )
  say('| database | file KB | dry run s | writing the new ones s | dry run of what is known s |\n|---|---|---|---|---|')
  const databases = await newDatabases(context, 'import')
  for (const one of databases) await measureOne(context, one)
  await closeAll(databases)
}

async function measureOne({ say, aim }: Context, database: Database): Promise<void> {
  const { db, name } = database
  const { counties } = await addPlaces(db, 1, 16, 45)
  await fillElders(database, ELDERS, '2026-10')
  await analyze(database)
  const [county] = counties as [(typeof counties)[number]]
  const villages = await db.region.findMany({ where: { kind: 'village' }, orderBy: { no: 'asc' }, take: 100 })
  const clerk = clerkOf(await db.person.findFirstOrThrow({ where: { member: { isNot: null } } }), county)
  const fileOf = async (count: number) =>
    (
      await bookOf(
        count,
        villages.map((one) => one.name),
      )
    ).toString('base64')
  const bring = (file: string) =>
    importFile(db, config.keys, clerk, { id: randomUUID(), kind: 'elders', file, fileName: '老人.xlsx' }, AT)
  await bring(await fileOf(IMPORT_ROWS_MAX / 2))
  const file = await fileOf(IMPORT_ROWS_MAX)
  const given = { db, keys: config.keys, actor: clerk, batchId: randomUUID(), at: AT }
  const dry = () => checkFile('elders', given, file)
  const states = (await dry()).lines.map(({ view }) => view.state)
  if (states.filter((one) => one === 'new').length !== IMPORT_ROWS_MAX / 2) throw new Error('half of them are new')
  const seconds = (await medianOf(TURNS, dry)) / 1000
  const begun = performance.now()
  await bring(file)
  const written = (performance.now() - begun) / 1000
  const again = (await medianOf(TURNS, dry)) / 1000
  const size = (Buffer.from(file, 'base64').length / 1024).toFixed(0)
  say(`| ${name} | ${size} | ${seconds.toFixed(1)} | ${written.toFixed(1)} | ${again.toFixed(1)} |`)
  aim(`${name}: dry run of ${thousands(IMPORT_ROWS_MAX)} rows, 15 s`, `${seconds.toFixed(1)} s`, seconds < 15)
}

function clerkOf({ id }: { id: string }, { id: regionId, path }: { id: string; path: string }): Actor {
  const role = { role: 'countyAdmin' as const, regionId, regionPath: path, redemptionPointId: null, duty: '' }
  return {
    ...{ personId: id, sessionId: 'bench', deviceId: null, roles: [role], member: null, elder: null, proxyOf: [] },
    ...{ how: 'demo' as const, provedAt: null, requestId: 'bench' },
  }
}

async function bookOf(count: number, villages: readonly string[]): Promise<Buffer> {
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet('老人')
  sheet.addRow(ELDER_COLUMNS.map(({ title }) => title))
  for (let number = 0; number < count; number++) {
    const village = villages[number % villages.length] ?? ''
    const written: Partial<Record<ElderColumn, string>> = {
      ...{ 姓名: '于秀珍', 证件类型: '无', 性别: '女', 电话: `154${String(number).padStart(8, '0')}` },
      出生日期: new Date(Date.UTC(1940, 0, 1 + (number % 5000))).toISOString().slice(0, 10),
      ...{ 村或社区: village, 住址: `${village} ${number}号`, 类别: '独居、空巢', 同意服务: '是' },
    }
    sheet.addRow(ELDER_COLUMNS.map(({ title }) => written[title] ?? ''))
  }
  return Buffer.from(await book.xlsx.writeBuffer())
}
