import type Koa from 'koa'
import type { PublicShare } from '../../shared/anomaly/view'
import { dayOf } from '../../shared/core/time'
import { readContent } from '../../shared/report/content'
import { type OpenFigures, openFigures } from '../../shared/report/open'
import { periodWords } from '../../shared/report/templates'
import { publicShare } from '../anomaly/share'
import type { Db } from '../core/db'
import type { Parts } from '../core/route'
import { sha256Hex } from '../proof/crypto'
import { settingsAt } from '../region/settings'
import { openSites, type Site } from './supply'

const CACHE_SECONDS = 600
const MONTHS_SHOWN = 12
const PATH = /^\/open\/([0-9a-f-]{36})(?:\/(\d{4}-\d{2}))?$/

/**
 * 公示, a page for everybody without a login: signed months only, numbers of few people left out. Plain HTML, so that it opens
 * on any telephone and can be kept by whatever stands in between.
 */
export function openPages({ db, now }: Parts): Koa.Middleware {
  return async (ctx, next) => {
    const [, regionId, month] = PATH.exec(ctx.path) ?? []
    if (regionId === undefined || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next()
    const page = await findPage(db, regionId, month, now())
    ctx.status = page === null ? 404 : 200
    ctx.type = 'text/html; charset=utf-8'
    ctx.set('cache-control', `public, max-age=${CACHE_SECONDS}`)
    if (page !== null) ctx.etag = page.tag
    if (page !== null && ctx.fresh) {
      ctx.status = 304
      return
    }
    ctx.body = page?.html ?? frame('公示', '<h1>公示</h1><p>这里还没有定稿的月份。</p>')
  }
}

async function findPage(db: Db, regionId: string, month: string | undefined, at: Date) {
  const region = await db.region.findUnique({ where: { id: regionId } })
  if (region === null) return null
  const signed = await db.report.findMany({
    where: { regionId, kind: 'month', state: 'signed' },
    select: { id: true, period: true, version: true },
    orderBy: [{ period: 'desc' }, { version: 'desc' }],
    take: MONTHS_SHOWN * 5,
  })
  const latest = [...new Map([...signed].reverse().map((one) => [one.period, one])).values()]
    .sort((a, b) => (a.period > b.period ? -1 : 1))
    .slice(0, MONTHS_SHOWN)
  const shown = month === undefined ? latest[0] : latest.find((one) => one.period === month)
  if (shown === undefined) return null
  const { content } = await db.report.findUniqueOrThrow({ where: { id: shown.id }, select: { content: true } })
  const { publicLeast, hotline } = await settingsAt(db, region.path, dayOf(at))
  const figures = openFigures(readContent(content ?? '{}'), publicLeast)
  const sites = await openSites(db, region.path)
  const share = region.countyId === null ? null : await publicShare(db, { regionId, month: shown.period }, at)
  const links = latest.map(({ period }) => ({ period, isShown: period === shown.period }))
  return {
    tag: `${shown.id}-${publicLeast}-${latest.length}-${sha256Hex(JSON.stringify([sites, share])).slice(0, 16)}`,
    html: pageOf(regionId, figures, links, publicLeast, hotline, [...sitesOf(sites), ...shareOf(share)]),
  }
}

function sitesOf(sites: readonly Site[]): string[] {
  if (sites.length === 0) return []
  const row = ({ placeName, name, kind, needs, openingHours, address }: Site) =>
    `<tr><th scope="row">${escaped(placeName)}</th>${[name, kind, needs, openingHours || '—', address || '—'].map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`
  return [
    '<h2>互助点和服务点</h2>',
    '<div class="wide words" tabindex="0" role="region" aria-label="互助点和服务点"><table><thead><tr><th scope="col">地方</th><th scope="col">名称</th><th scope="col">种类</th><th scope="col">能做什么</th><th scope="col">开放时间</th><th scope="col">地址</th></tr></thead><tbody>',
    ...sites.map(row),
    '</tbody></table></div>',
  ]
}

/** How much was typed in instead of scanned, as it stands now: by site, and who typed without a name. */
function shareOf(share: PublicShare | null): string[] {
  if (share === null) return []
  const { all, sites, clerks } = share
  const row = ({ name, visits, manual, percent }: PublicShare['all']) =>
    `<tr><th scope="row">${escaped(name)}</th><td>${visits}</td><td>${manual}</td><td>${percent}%</td></tr>`
  const typed = clerks === null ? '' : `录入的有 ${clerks.count} 人，录得最多的一位占 ${clerks.topPercent}%，不写名字。`
  return [
    '<h2>人工补录占比</h2>',
    `<p>没有扫码、由工作人员录入的服务占多少，按现在的记录。${typed}</p>`,
    '<div class="wide" tabindex="0" role="region" aria-label="人工补录占比"><table><thead><tr><th scope="col">地方或站点</th><th scope="col">服务（次）</th><th scope="col">补录（次）</th><th scope="col">占比</th></tr></thead><tbody>',
    row({ ...all, name: '合计' }),
    ...sites.map(row),
    '</tbody></table></div>',
  ]
}

function pageOf(
  regionId: string,
  one: OpenFigures,
  months: readonly { period: string; isShown: boolean }[],
  least: number,
  hotline: string,
  more: readonly string[],
): string {
  const head = one.columns
    .map(({ label, unit }) => `<th scope="col">${escaped(label)}（${escaped(unit)}）</th>`)
    .join('')
  const row = (name: string, values: readonly string[]) =>
    `<tr><th scope="row">${escaped(name)}</th>${values.map((value) => `<td>${escaped(value)}</td>`).join('')}</tr>`
  const body = [
    `<h1>${escaped(one.title)}</h1>`,
    `<p>${escaped(one.agency)}，第 ${escaped(one.version)} 版。不到 ${least} 人的数字不公布。问询电话 <a href="tel:${escaped(hotline)}">${escaped(hotline)}</a></p>`,
    `<div class="wide" tabindex="0" role="region" aria-label="各地数字"><table><thead><tr><th scope="col">地方</th>${head}</tr></thead><tbody>`,
    row('合计', one.total),
    ...one.rows.map(({ name, values }) => row(name, values)),
    '</tbody></table></div>',
    ...more,
    `<h2>口径</h2><dl>${one.columns.map(({ label, definition }) => `<dt>${escaped(label)}</dt><dd>${escaped(definition)}</dd>`).join('')}</dl>`,
    `<h2>其他月份</h2><nav aria-label="其他月份"><ul>${months
      .map(({ period, isShown }) =>
        isShown
          ? `<li aria-current="page">${escaped(periodWords('month', period))}</li>`
          : `<li><a href="/open/${regionId}/${period}">${escaped(periodWords('month', period))}</a></li>`,
      )
      .join('')}</ul></nav>`,
  ].join('\n')
  return frame(one.title, body)
}

const STYLE = `
:root{color-scheme:light dark}body{font:18px/1.6 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;max-width:1080px;margin:0 auto;padding:24px 16px;background:#fff;color:#1c1b19}
h1{font-size:28px;line-height:1.3}h2{font-size:20px;margin-top:32px}.wide{overflow-x:auto}.words td{text-align:left;white-space:normal;min-width:6em}.words tbody tr:first-child{font-weight:400}table{border-collapse:collapse;min-width:100%}
th,td{padding:10px 12px;border-bottom:1px solid #b9b2a8;text-align:right;white-space:nowrap}th[scope=row],thead th:first-child{text-align:left}tbody tr:first-child{font-weight:600}
dt{font-weight:600}dd{margin:0 0 8px}ul{display:flex;flex-wrap:wrap;gap:8px 20px;padding:0;list-style:none}a{color:#0b57d0;display:inline-block;min-height:24px}
@media(prefers-color-scheme:dark){body{background:#121212;color:#e6f4ee}a{color:#8ab4f8}}@media print{nav,h2:last-of-type{display:none}}`

const frame = (title: string, body: string) =>
  `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>`

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string) => text.replace(/[&<>"']/g, (one) => ESCAPES[one] ?? one)
