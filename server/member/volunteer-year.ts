import ExcelJS from 'exceljs'
import type { z } from 'zod'
import { hoursText } from '../../shared/core/amounts'
import { Refusal } from '../../shared/core/refusals'
import { clockOf, dayOf } from '../../shared/core/time'
import type { volunteerYearQuery } from '../../shared/member/input'
import { maskIdNumber, maskName, maskPhone } from '../../shared/person/rules'
import { SEX_WORDS } from '../../shared/person/words'
import { can } from '../../shared/session/permissions'
import { type Actor, homeOf } from '../core/actor'
import { findBy, groupBy, type RowOf } from '../core/bulk'
import type { Keys } from '../core/config'
import { type Db, query, underPath } from '../core/db'
import { logOperation } from '../core/operation-log'
import { drawFacts, drawTable, LEFT, newPage, type Paper, WIDTH } from '../core/paper'
import { newPdf, pdfBytes, writeIn } from '../core/pdf'
import type { File } from '../core/route'
import { harmless } from '../core/sheet'
import { helperRecords } from '../person/former'
import { seesClass2 } from '../person/sight'
import { openPersons } from '../person/vault'
import { findRegionInScope, type Region, regionNames } from '../region/queries'
import { settingsAt } from '../region/settings'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
/** More services in one file open slowly everywhere: by town then. */
const SERVICES_MAX = 50_000

type Service = {
  memberId: string
  regionId: string
  serviceId: string
  day: string
  checkInAt: Date
  checkOutAt: Date
  servedSeconds: number
  tasksDone: string
  state: string
}
type Person = {
  memberId: string
  name: string
  sex: string
  birthDate: string
  idNumber: string
  phone: string
  area: string
  skills: string
  kinds: string
  services: Service[]
  trainings: RowOf<'MemberRecord'>[]
  honours: RowOf<'MemberRecord'>[]
}
type Year = { year: string; region: Region; agency: string; persons: Person[]; names: Names; madeAt: Date }
type Names = { service: (id: string) => string; place: (id: string) => string }

/**
 * The annual file of a place: what 民政部令 67 号 asks to be kept of everybody who volunteered there (articles 5 to 10): the
 * person, the services, the trainings, the honours. Volunteering alone; names and numbers masked.
 *
 * @throws Refusal NOT_FOUND, YEAR_FILE_LARGE
 */
export async function volunteerYear(
  db: Db,
  keys: Keys,
  actor: Actor,
  { year, regionId, format }: z.infer<typeof volunteerYearQuery>,
  at: Date,
): Promise<File> {
  const region = await findRegionInScope(db, actor, can('member.read'), regionId ?? homeOf(actor, can('member.read')))
  const found = await readYear(db, keys, actor, region, year, at)
  await db.$transaction((tx) =>
    logOperation(tx, actor, {
      ...{ at, action: 'export', resource: 'volunteerYear', resourceId: region.id, regionPath: region.path },
      purpose: `${year} 年志愿服务记录（${format}）`,
    }),
  )
  const name = `${region.name}${year}年志愿服务记录年度报告.${format}`
  return format === 'xlsx'
    ? { bytes: await bookOf(found), type: XLSX, name }
    : { bytes: await paperOf(found), type: 'application/pdf', name }
}

async function readYear(db: Db, keys: Keys, actor: Actor, region: Region, year: string, at: Date): Promise<Year> {
  const { gte, lt } = underPath(region.path)
  const services = await query<Service>(
    db,
    `SELECT v."memberId", v."regionId", v."serviceId", v."day", v."checkInAt", v."checkOutAt", v."servedSeconds", v."tasksDone", v."state"
     FROM visit AS v JOIN member AS m ON m."id" = v."memberId"
     WHERE m."regionPath" >= $1 AND m."regionPath" < $2 AND v."day" >= $3 AND v."day" <= $4
       AND v."nature" = 'volunteer' AND v."counted" AND v."checkOutAt" IS NOT NULL
     ORDER BY v."day", v."id" LIMIT ${SERVICES_MAX + 1}`,
    gte,
    lt,
    `${year}-01-01`,
    `${year}-12-31`,
  )
  if (services.length > SERVICES_MAX) throw new Refusal('YEAR_FILE_LARGE')
  const records = await query<RowOf<'MemberRecord'>>(
    db,
    `SELECT * FROM member_record WHERE "regionPath" >= $1 AND "regionPath" < $2 AND "withdrawnAt" IS NULL
       AND ("kind" = 'skill' OR "kind" IN ('training', 'honour') AND "day" >= $3 AND "day" <= $4)
     ORDER BY "day", "id"`,
    gte,
    lt,
    `${year}-01-01`,
    `${year}-12-31`,
  )
  const ofYear = records.filter(({ kind }) => kind !== 'skill')
  const memberIds = [...new Set([...services, ...ofYear].map(({ memberId }) => memberId))]
  const { all, ownerOf } = await helperRecords(db, memberIds)
  const members = (await findBy(db, 'Member', 'id', all)).filter(({ id, personId }) => ownerOf(id) === personId)
  const opened = await openPersons(
    db,
    keys,
    members.map(({ personId }) => personId),
  )
  const places = await regionNames(db, [
    ...new Set([...members.map(({ regionId }) => regionId), ...services.map(({ regionId }) => regionId)]),
  ])
  const catalogue = new Map(
    (
      await findBy(
        db,
        'Service',
        'id',
        services.map(({ serviceId }) => serviceId),
      )
    ).map((one) => [one.id, one.name]),
  )
  const names: Names = {
    service: (id) => catalogue.get(id) ?? '',
    place: (id) => [places.get(id)?.townName, places.get(id)?.name].filter(Boolean).join(' '),
  }
  const servicesOf = groupBy(services, ({ memberId }) => ownerOf(memberId))
  const recordsOf = groupBy(records, ({ memberId }) => ownerOf(memberId))
  const persons = members
    .map(({ id, personId, regionId, regionPath }): Person => {
      const person = opened.get(personId)
      const sees = seesClass2(actor, regionPath)
      const own = recordsOf(personId)
      const { idNumber = null, phone = null } = person ?? {}
      return {
        memberId: id,
        name: maskName(person?.name ?? ''),
        sex: SEX_WORDS[person?.sex ?? 'unknown'] ?? '',
        birthDate: sees ? (person?.birthDate ?? '') : '',
        idNumber: sees && idNumber ? maskIdNumber(idNumber) : '',
        phone: sees && phone ? maskPhone(phone) : '',
        area: names.place(regionId),
        skills: own.flatMap(({ kind, title }) => (kind === 'skill' ? [title] : [])).join('、'),
        kinds: [...new Set(servicesOf(personId).map(({ serviceId }) => names.service(serviceId)))].join('、'),
        services: servicesOf(personId),
        trainings: own.filter(({ kind }) => kind === 'training'),
        honours: own.filter(({ kind }) => kind === 'honour'),
      }
    })
    .sort((a, b) => a.area.localeCompare(b.area, 'zh') || (a.memberId < b.memberId ? -1 : 1))
  const { agencyName } = await settingsAt(db, region.path, dayOf(at))
  return { year, region, agency: agencyName, persons, names, madeAt: at }
}

const secondsOf = (rows: readonly { servedSeconds: number }[]) => rows.reduce((sum, one) => sum + one.servedSeconds, 0)
const lessonsOf = (rows: readonly { seconds: number }[]) => rows.reduce((sum, one) => sum + one.seconds, 0)

async function bookOf({ persons, names, agency }: Year): Promise<Buffer> {
  const book = new ExcelJS.Workbook()
  const sheet = (name: string, titles: readonly string[], rows: readonly (readonly (string | number)[])[]) => {
    const page = book.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] })
    page.columns = titles.map((header) => ({ header, width: 16 }))
    page.getRow(1).font = { bold: true }
    for (const row of rows) page.addRow(row.map(harmless))
  }
  const who = (one: Person) => [one.area, one.name]
  sheet(
    '志愿者',
    [
      '居住区域',
      '姓名',
      '性别',
      '出生日期',
      '证件号码',
      '联系方式',
      '服务技能',
      '服务类别',
      '组织单位',
      '服务次数',
      '服务小时',
      '培训小时',
      '表扬奖励',
    ],
    persons.map((one) => [
      ...[...who(one), one.sex, one.birthDate, one.idNumber, one.phone, one.skills, one.kinds, agency],
      ...[one.services.length, Number(hoursText(secondsOf(one.services)))],
      ...[Number(hoursText(lessonsOf(one.trainings))), one.honours.map(({ title }) => title).join('、')],
    ]),
  )
  sheet(
    '服务',
    ['居住区域', '姓名', '日期', '活动', '地点', '内容', '开始', '结束', '小时', '确认'],
    persons.flatMap((one) =>
      one.services.map((each) => [
        ...[...who(one), each.day, names.service(each.serviceId), names.place(each.regionId)],
        ...[(JSON.parse(each.tasksDone) as string[]).join('、'), clockOf(each.checkInAt), clockOf(each.checkOutAt)],
        ...[Number(hoursText(each.servedSeconds)), SETTLED.includes(each.state) ? '已确认' : '等确认'],
      ]),
    ),
  )
  sheet(
    '培训',
    ['居住区域', '姓名', '日期', '名称', '内容', '学时', '组织单位'],
    persons.flatMap((one) =>
      one.trainings.map((each) => [
        ...[...who(one), each.day, each.title, each.content, Number(hoursText(each.seconds)), each.grantedBy],
      ]),
    ),
  )
  sheet(
    '表扬奖励',
    ['居住区域', '姓名', '日期', '名称', '内容', '授予单位'],
    persons.flatMap((one) =>
      one.honours.map((each) => [...who(one), each.day, each.title, each.content, each.grantedBy]),
    ),
  )
  return Buffer.from(await book.xlsx.writeBuffer())
}
const SETTLED: readonly string[] = ['confirmed', 'approved']

async function paperOf({ year, region, agency, persons, madeAt }: Year): Promise<Buffer> {
  const title = `${region.name} ${year} 年志愿服务记录年度报告`
  const pdf = newPdf(title, madeAt)
  const paper: Paper = { pdf, y: 0, pages: 0, footer: title }
  newPage(paper)
  writeIn(pdf, { x: LEFT, y: 20, width: WIDTH, height: 12 }, title, { size: 18, weight: 'bold' })
  paper.y = 36
  const services = persons.flatMap((one) => one.services)
  const trainings = persons.flatMap((one) => one.trainings)
  drawFacts(
    paper,
    [
      ['组织单位', agency],
      ['制表', `${dayOf(madeAt)} ${clockOf(madeAt)}`],
      ['志愿者', `${persons.length} 人`],
      ['志愿服务', `${services.length} 次，${hoursText(secondsOf(services))} 小时`],
      ['培训', `${trainings.length} 次，${hoursText(lessonsOf(trainings))} 小时`],
      ['表扬奖励', `${persons.reduce((sum, one) => sum + one.honours.length, 0)} 项`],
    ],
    2,
  )
  paper.y += 4
  drawTable(
    paper,
    [
      { title: '居住区域', width: 38 },
      { title: '姓名', width: 18 },
      { title: '服务类别', width: 44 },
      { title: '次数', width: 14, align: 'right' },
      { title: '小时', width: 16, align: 'right' },
      { title: '培训', width: 14, align: 'right' },
      { title: '表扬奖励', width: 26 },
    ],
    persons.map((one) => [
      ...[one.area, one.name, one.kinds, String(one.services.length), hoursText(secondsOf(one.services))],
      ...[hoursText(lessonsOf(one.trainings)), one.honours.map((each) => each.title).join('、')],
    ]),
  )
  return pdfBytes(pdf)
}
