import type { z } from 'zod'
import { Refusal } from '../../shared/core/refusals'
import { EXIT_WORDS } from '../../shared/elder/words'
import { maskName } from '../../shared/person/rules'
import { readContent } from '../../shared/report/content'
import type { reportElderQuery, reportListQuery } from '../../shared/report/input'
import { periodWords, type ReportKind, TEMPLATES } from '../../shared/report/templates'
import type { ReportElder, ReportLine, ReportView } from '../../shared/report/view'
import { can } from '../../shared/session/permissions'
import { type Actor, inScope } from '../core/actor'
import { findBy } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, Prisma, type Reader } from '../core/db'
import { cursorOf, readCursor, readMoment, toPage } from '../core/input'
import { elderNames } from '../elder/queries'
import { openPersons } from '../person/vault'
import { findRegionInScope, regionsOfPath } from '../region/queries'
import { changedElders } from './elders'
import { maySign } from './policy'

const { sql } = Prisma
export type Report = Awaited<ReturnType<Db['report']['findUniqueOrThrow']>>

/** Reports of the actor's regions, what was asked for last first. */
export async function listReports(db: Db, keys: Keys, actor: Actor, query: z.output<typeof reportListQuery>) {
  const within =
    query.regionId === undefined ? undefined : await findRegionInScope(db, actor, can('report.read'), query.regionId)
  const cursor = readCursor(query.cursor, 2)
  const before =
    cursor === null
      ? {}
      : {
          OR: [
            { askedAt: { lt: readMoment(cursor[0]) } },
            { askedAt: readMoment(cursor[0]), id: { gt: cursor[1] ?? '' } },
          ],
        }
  const rows = await db.report.findMany({
    where: {
      AND: [
        inScope(actor, can('report.read'), within?.path),
        query.kind === undefined ? {} : { kind: query.kind },
        before,
      ],
    },
    orderBy: [{ askedAt: 'desc' }, { id: 'asc' }],
    take: query.limit + 1,
    omit: { content: true },
  })
  const views = new Map((await showLines(db, keys, actor, rows)).map((one) => [one.id, one]))
  return toPage(
    rows,
    query.limit,
    (row) => views.get(row.id) as ReportLine,
    (row) => cursorOf(row.askedAt.toISOString(), row.id),
  )
}

/** @throws Refusal NOT_FOUND */
export async function findReport(db: Reader, actor: Actor, id: string): Promise<Report> {
  const report = await db.report.findFirst({ where: { id, ...inScope(actor, can('report.read')) } })
  if (report === null) throw new Refusal('NOT_FOUND')
  return report
}

async function showLines(
  db: Reader,
  keys: Keys,
  actor: Actor,
  rows: readonly Omit<Report, 'content'>[],
): Promise<ReportLine[]> {
  const regions = new Map(
    (
      await findBy(
        db,
        'Region',
        'id',
        rows.map((one) => one.regionId),
      )
    ).map((one) => [one.id, one]),
  )
  const persons = await openPersons(db, keys, [
    ...new Set(
      rows.flatMap((one) => [one.askedByPersonId, ...(one.signedByPersonId === null ? [] : [one.signedByPersonId])]),
    ),
  ])
  const nameOf = (id: string) => persons.get(id)?.name ?? ''
  return rows.map((one) => {
    const kind = one.kind as ReportKind
    const region = regions.get(one.regionId)
    const signs = region !== undefined && one.state === 'ready' && one.askedByPersonId !== actor.personId
    return {
      id: one.id,
      kind,
      regionId: one.regionId,
      regionName: region?.name ?? '',
      title: `${periodWords(kind, one.period)}${TEMPLATES[kind].title}`,
      period: one.period,
      version: one.version,
      state: one.state as ReportLine['state'],
      donePercent: Math.floor((one.stepsDone * 100) / Math.max(1, one.stepsAll)),
      askedByName: maskName(nameOf(one.askedByPersonId)),
      askedAt: one.askedAt.toISOString(),
      madeAt: one.madeAt?.toISOString() ?? null,
      signedByName: one.signedByPersonId === null ? null : maskName(nameOf(one.signedByPersonId)),
      signedAt: one.signedAt?.toISOString() ?? null,
      maySign: signs && maySign(actor, kind, region),
    }
  })
}

/** A report with what stands in it, where its hash is sealed, and its other versions. */
export async function showReport(db: Reader, keys: Keys, actor: Actor, report: Report): Promise<ReportView> {
  const [line] = await showLines(db, keys, actor, [report])
  const leaves = await db.logLeaf.findMany({
    where: { type: 'reportHash', refId: { startsWith: `report:${report.id}@` } },
    orderBy: { refId: 'asc' },
  })
  const logs = new Map((await db.log.findMany()).map((one) => [one.regionId, one.origin]))
  const versions = await db.report.findMany({
    where: { regionId: report.regionId, kind: report.kind, period: report.period },
    select: { id: true, version: true, state: true },
    orderBy: { version: 'desc' },
  })
  return {
    ...(line as ReportLine),
    content: report.content === null ? null : readContent(report.content),
    sealed: leaves.map(({ regionId, logIndex, data }) => ({
      log: logs.get(regionId) ?? '',
      index: logIndex,
      digest: (JSON.parse(data ?? '{}') as { digest?: string }).digest ?? '',
    })),
    versions,
  }
}

type ElderRow = {
  elderId: string
  path: string
  exitKind: string | null
  due: boolean | number | null
  visited: boolean | number | null
  beforeExit: string | null
  beforeDue: boolean | number | null
  beforeVisited: boolean | number | null
}

/** The elders behind a month report as it has them: who was not visited, who was, who was away, who reads otherwise than before. */
export async function listReportElders(
  db: Reader,
  keys: Keys,
  report: Report,
  query: z.output<typeof reportElderQuery>,
): Promise<{ items: ReportElder[]; next: string | null }> {
  const cursor = readCursor(query.cursor, 2)
  const after = (path: Prisma.Sql, elder: Prisma.Sql) =>
    cursor === null
      ? sql`1 = 1`
      : sql`(${path} > ${cursor[0] ?? ''} OR (${path} = ${cursor[0] ?? ''} AND ${elder} > ${cursor[1] ?? ''}))`
  const rows =
    query.state === 'changed'
      ? await changedRows(db, report, query.limit + 1, after)
      : await db.$queryRaw<ElderRow[]>`
          SELECT e."elderId", e."regionPath" AS "path", e."exitKind", e."due", e."visited",
            NULL AS "beforeExit", NULL AS "beforeDue", NULL AS "beforeVisited"
          FROM report_elder AS e WHERE e."reportId" = ${report.id} AND e."category" = '' AND e."interval" = '' AND ${stateSql(query.state)}
            AND ${after(sql`e."regionPath"`, sql`e."elderId"`)}
          ORDER BY e."regionPath", e."elderId" LIMIT ${query.limit + 1}`
  const names = await elderNames(
    db,
    keys,
    rows.map((one) => one.elderId),
  )
  const places = new Map<string, { id: string; name: string }>()
  for (const path of new Set(rows.map((one) => one.path))) {
    const place = (await regionsOfPath(db, path)).at(-1)
    if (place !== undefined) places.set(path, place)
  }
  return toPage(
    rows,
    query.limit,
    (row) => ({
      elderId: row.elderId,
      maskedName: names.get(row.elderId)?.maskedName ?? '（已注销）',
      regionId: places.get(row.path)?.id ?? '',
      regionName: places.get(row.path)?.name ?? '',
      result: resultWords(row.exitKind, row.due, row.visited),
      before: query.state === 'changed' ? resultWords(row.beforeExit, row.beforeDue, row.beforeVisited) : null,
    }),
    (row) => cursorOf(row.path, row.elderId),
  )
}

async function changedRows(
  db: Reader,
  report: Report,
  limit: number,
  after: (path: Prisma.Sql, elder: Prisma.Sql) => Prisma.Sql,
): Promise<ElderRow[]> {
  const before = await db.report.findFirst({
    where: { regionId: report.regionId, kind: report.kind, period: report.period, version: report.version - 1 },
    select: { id: true },
  })
  if (before === null) return []
  const path = sql`COALESCE(a."regionPath", b."regionPath")`
  return db.$queryRaw<ElderRow[]>`
    SELECT k."elderId", ${path} AS "path", a."exitKind", a."due", a."visited",
      b."exitKind" AS "beforeExit", b."due" AS "beforeDue", b."visited" AS "beforeVisited"
    ${changedElders(report.id, before.id)} AND ${after(path, sql`k."elderId"`)}
    ORDER BY ${path}, k."elderId" LIMIT ${limit}`
}

function stateSql(state: 'missing' | 'visited' | 'exited'): Prisma.Sql {
  if (state === 'exited') return sql`e."exitKind" IS NOT NULL`
  return state === 'visited' ? sql`e."due" AND e."visited"` : sql`e."due" AND NOT e."visited"`
}

function resultWords(exitKind: string | null, due: ElderRow['due'], visited: ElderRow['visited']): string {
  if (due === null) return '不在名单里'
  if (exitKind !== null) return (EXIT_WORDS as Record<string, string>)[exitKind] ?? exitKind
  if (!due) return '不要求'
  return visited ? '访过' : '没访到'
}
