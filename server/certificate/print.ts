import { annexRows } from '../../shared/certificate/leaf'
import { durationText, pointsText, signedPointsText } from '../../shared/core/amounts'
import { clockOf, dayOf } from '../../shared/core/time'
import { TRANSACTION_WORDS } from '../../shared/ledger/words'
import type { Actor } from '../core/actor'
import { logOperation } from '../core/operation-log'
import { drawFacts, drawTable, GREY, LEFT, newPage, type Paper, type PaperColumn, room, WIDTH } from '../core/paper'
import { A4, drawCode, newPdf, pdfBytes, writeIn } from '../core/pdf'
import type { File, Parts } from '../core/route'
import { openPersons } from '../person/vault'
import { lastCheckpoint } from '../proof/logs'
import { keyTexts, publicLogs } from '../proof/prove'
import { regionNames } from '../region/queries'
import { settingsAt } from '../region/settings'
import { type Certificate, leafOfCertificate } from './queries'

const SEX: Record<string, string> = { male: '男', female: '女' }

type Certified = {
  title: string
  facts: [label: string, value: string][]
  columns: PaperColumn[]
  rows: string[][]
  sums: string
  below: [label: string, value: string][]
  url: string
}

/**
 * The certificate on paper: the fields of 67 号令 art. 5, 7 and 15 — who, when, what, where, how long, who records it — with
 * its number, a code that leads to the page that checks it, and what it takes to check it without us.
 */
export async function certificatePdf(parts: Parts, actor: Actor, certificate: Certificate, at: Date): Promise<File> {
  const { db, config } = parts
  const paper = await paperOf(parts, certificate)
  await db.$transaction((tx) =>
    logOperation(tx, actor, {
      at,
      action: 'print',
      resource: 'certificate',
      resourceId: certificate.no,
      regionPath: certificate.regionPath,
      purpose: '打印证明',
    }),
  )
  const bytes = await drawPaper({ ...paper, url: `${config.publicUrl}/c/${certificate.no}` }, certificate)
  return { bytes, type: 'application/pdf', name: `${paper.title}-${certificate.no}.pdf` }
}

async function paperOf({ db, config }: Parts, certificate: Certificate): Promise<Omit<Certified, 'url'>> {
  const person = (await openPersons(db, config.keys, [certificate.personId])).get(certificate.personId)
  const member = await db.member.findUnique({ where: { personId: certificate.personId } })
  const issuer = (await openPersons(db, config.keys, [certificate.issuedByPersonId])).get(certificate.issuedByPersonId)
  const regions = await regionNames(db, [certificate.regionId])
  const home = regions.get(certificate.regionId)
  const { agencyName, hotline } = await settingsAt(db, certificate.regionPath, dayOf(certificate.issuedAt))
  const leaf = await leafOfCertificate(db, certificate)
  const checkpoint = await lastCheckpoint(db, certificate.countyId)
  const log = (await publicLogs(db, config.log)).find((one) => one.regionId === certificate.countyId)
  const isOwn = certificate.issuedByPersonId === certificate.personId
  const span = `${certificate.fromDay} 至 ${certificate.toDay}`
  const said = JSON.parse(certificate.leaf) as {
    count: string
    seconds: string | null
    account: { opening: string; closing: string; fromSeq: string; toSeq: string; id: string } | null
  }
  const below: Certified['below'] = [
    ['记录单位', agencyName],
    [
      '出具',
      `${dayOf(certificate.issuedAt)} ${clockOf(certificate.issuedAt)}，${isOwn ? '本人自助出具' : `经办人 ${issuer?.name ?? ''}`}`,
    ],
    ['电话', hotline],
    ['证明编号', groups(certificate.no)],
    ['日志', `${log?.origin ?? '—'}，第 ${leaf?.logIndex ?? '—'} 条，签名时共 ${checkpoint?.size ?? '—'} 条`],
    ['核对公钥', log === undefined ? '—' : keyTexts(log).join(' ')],
  ]
  const who: Certified['facts'] = [
    ['姓名', person?.name ?? '（已注销）'],
    ['性别', SEX[person?.sex ?? ''] ?? '未登记'],
    ['证件号码', maskNumber(person?.idNumber ?? null)],
    ['居住地', [home?.townName, home?.name].filter((one) => one !== '' && one !== undefined).join(' ')],
    ['起止', span],
  ]
  if (certificate.kind === 'statement') {
    return {
      title: '积分对账单',
      facts: [...who, ['账户', said.account?.id ?? '']],
      columns: [
        { title: '序号', width: 16, align: 'right' },
        { title: '记账时间', width: 42 },
        { title: '摘要', width: 62 },
        { title: '变动', width: 25, align: 'right' },
        { title: '余额', width: 25, align: 'right' },
      ],
      rows: annexRows(certificate.annex).map(([seq = '', at = '', kind = '', amount = '0', balance = '0']) => [
        seq,
        minute(at),
        TRANSACTION_WORDS[kind] ?? kind,
        signedPointsText(amount),
        pointsText(balance),
      ]),
      sums: `期初 ${pointsText(said.account?.opening ?? '0')}，期末 ${pointsText(said.account?.closing ?? '0')}，共 ${said.count} 笔，序号 ${said.account?.fromSeq} 至 ${said.account?.toSeq} 连续无缺`,
      below,
    }
  }
  const rows = annexRows(certificate.annex)
  const services = await db.service.findMany({ where: { id: { in: [...new Set(rows.map((row) => row[4] ?? ''))] } } })
  const places = await regionNames(db, [...new Set(rows.map((row) => row[5] ?? ''))])
  return {
    title: '志愿服务记录证明',
    facts: [
      ...who,
      ['培训', member === null || member.trainings === '' ? '无记录' : member.trainings.replaceAll(',', '、')],
    ],
    columns: [
      { title: '日期', width: 26 },
      { title: '时间', width: 28 },
      { title: '服务内容', width: 48 },
      { title: '地点', width: 40 },
      { title: '服务时间', width: 28, align: 'right' },
    ],
    rows: rows.map(([day = '', from = '', to = '', seconds = '0', serviceId = '', regionId = '']) => [
      day,
      `${clockOf(new Date(from))}–${to === '' ? '' : clockOf(new Date(to))}`,
      services.find((one) => one.id === serviceId)?.name ?? '',
      places.get(regionId)?.name ?? '',
      durationText(Number(seconds)),
    ]),
    sums: `共 ${said.count} 次，${durationText(Number(said.seconds ?? 0))}。只计志愿服务，不含互助补贴和职务活动。`,
    below: [['组织单位', agencyName], ...below],
  }
}

async function drawPaper(paper: Certified, certificate: Certificate): Promise<Buffer> {
  const pdf = newPdf(paper.title, certificate.issuedAt)
  const sheet: Paper = { pdf, y: 0, pages: 0, footer: `${paper.title} ${groups(certificate.no)}` }
  newPage(sheet)
  writeIn(pdf, { x: LEFT, y: 20, width: WIDTH - 40, height: 14 }, paper.title, { size: 24, weight: 'bold' })
  if (certificate.revokedAt !== null)
    writeIn(pdf, { x: LEFT, y: 33, width: WIDTH - 40, height: 8 }, `已撤销（${dayOf(certificate.revokedAt)}）`, {
      size: 14,
      ink: '#B3261E',
    })
  drawCode(pdf, paper.url, { x: A4.width - LEFT - 30, y: 16 }, 30)
  writeIn(pdf, { x: A4.width - LEFT - 42, y: 47, width: 42, height: 4 }, '扫码核对真伪', {
    size: 8,
    ink: GREY,
    align: 'right',
  })
  sheet.y = 54
  drawFacts(sheet, paper.facts, 2)
  sheet.y += 4
  drawTable(sheet, paper.columns, paper.rows)
  sheet.y += 3
  room(sheet, 12 + paper.below.length * 8)
  writeIn(pdf, { x: LEFT, y: sheet.y, width: WIDTH, height: 8 }, paper.sums, { size: 11, weight: 'bold' })
  sheet.y += 10
  drawFacts(sheet, paper.below, 1)
  writeIn(
    pdf,
    { x: LEFT, y: sheet.y + 1, width: WIDTH, height: 10 },
    `网上核对：${paper.url}　不联网核对：把 .tlog-proof 凭据文件和上面的公钥交给核对程序，或按公开的步骤用 openssl 自己算。`,
    { size: 8, ink: GREY },
  )
  return pdfBytes(pdf)
}

/** Enough to tell two of one name apart, too little to use it elsewhere. */
function maskNumber(idNumber: string | null): string {
  return idNumber === null ? '未登记' : `${idNumber.slice(0, 6)}********${idNumber.slice(-4)}`
}

const groups = (no: string) => no.replace(/(.{4})(?=.)/g, '$1-')
const minute = (at: string) => `${dayOf(new Date(at))} ${clockOf(new Date(at))}`
