// What axe-core doesn't know: the figures of the 适老化 specification, and words that must never be on a page.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

export const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export interface Figures {
  /** The smallest letters and the smallest thing to tap, in pixels. */
  text: number
  lineHeight: number
  touch: number
  /** Between two buttons. */
  gap: number
  /** 7:1 for what isn't large. */
  contrast: 'AA' | 'AAA'
  /** Whether pages scroll sideways nowhere, however narrow the screen. */
  reflows: boolean
}

export const STANDARD: Figures = { text: 14, lineHeight: 1.5, touch: 44, gap: 0, contrast: 'AA', reflows: true }
export const ELDER: Figures = { text: 20, lineHeight: 1.5, touch: 60, gap: 8, contrast: 'AAA', reflows: true }
export const elderAt = (scale: number): Figures => ({ ...ELDER, text: 20 * scale })
export const ADMIN: Figures = { text: 12, lineHeight: 1.3, touch: 24, gap: 0, contrast: 'AA', reflows: false }

/** Latin words that are right on a Chinese page. */
const LATIN = ['PDF', 'Excel', 'CSV', 'ID', 'GPS', 'GeoJSON', 'wxy', 'WXY']

/** Everything that is wrong on the page as it stands, one sentence each. */
export async function auditPage(page: Page, figures: Figures): Promise<string[]> {
  // The menu of the desk stands where one is; what was scrolled away above has no background that could be measured.
  await page.evaluate(() => document.querySelector('.side')?.scrollTo(0, 0))
  const seen = [...(await page.evaluate(lookAt, { ...figures, latin: LATIN })), ...(await axeOf(page, figures))]
  return [...new Set(seen)]
}

/** What a page shows on the narrowest phone: nothing sticks out, nothing has to be pushed aside. */
export async function auditReflow(page: Page): Promise<string[]> {
  const size = page.viewportSize()
  await page.setViewportSize({ width: 320, height: 700 })
  const seen = await page.evaluate(sticksOut)
  if (size !== null) await page.setViewportSize(size)
  return [...new Set(seen)].map((one) => `at 320 px ${one}`)
}

interface AxeNode {
  target: unknown[]
  html: string
  any: { message: string }[]
}
interface AxeResult {
  id: string
  nodes: AxeNode[]
}
declare const axe: {
  run(where: Document, options: object): Promise<{ violations: AxeResult[]; incomplete: AxeResult[] }>
}

/** What axe can't decide and a look has decided, each with its reason. */
const LOOKED_AT = [
  {
    id: /^color-contrast/,
    message: /partially overlaps other elements/,
    html: /class="taro-text phrase"/,
    why: 'a phrase on two lines with its middle dot: axe sees other elements under each line, all on the colour of the card',
  },
]

async function axeOf(page: Page, { contrast }: Figures): Promise<string[]> {
  // The mark of who looks lies over all of the page: axe is shown what is under it. Only by a rule: antd puts back what is changed.
  await page.addStyleTag({ content: '.marked > div[style*="background-image"] { display: none !important }' })
  const { violations, incomplete } = await page.evaluate(
    (enhanced) =>
      axe.run(document, {
        resultTypes: ['violations', 'incomplete'],
        rules: { 'target-size': { enabled: true }, 'color-contrast-enhanced': { enabled: enhanced } },
      }),
    contrast === 'AAA',
  )
  const lines = (results: AxeResult[], word: string) =>
    results.flatMap(({ id, nodes }) =>
      nodes.map(({ html, any }) => `axe ${word}: ${id}: ${any[0]?.message.slice(0, 160) ?? ''} ${html.slice(0, 140)}`),
    )
  const undecided = incomplete.map(({ id, nodes }) => ({
    id,
    nodes: nodes.filter(
      ({ html, any }) =>
        !LOOKED_AT.some(
          (one) => one.id.test(id) && one.message.test(any[0]?.message ?? '') && one.html.test(html.slice(0, 140)),
        ),
    ),
  }))
  return [...lines(violations, 'violation'), ...lines(undecided, 'incomplete')]
}

/** Runs in the page; knows nothing of this file. */
function lookAt(figures: { text: number; lineHeight: number; touch: number; gap: number; latin: string[] }): string[] {
  const found: string[] = []
  const shown = (element: Element): boolean =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    element.getClientRects().length > 0 &&
    element.closest('[aria-hidden="true"], [data-audit="off"]') === null
  const about = (element: Element) =>
    `<${element.tagName.toLowerCase()} ${element.className}> ${(element.textContent ?? '').trim().slice(0, 24)}`

  const words = (text: string, where: string) => {
    if (/undefined|NaN|\bnull\b|\[object|敬请期待|TODO|Infinity|Invalid|\{\{|�/.test(text))
      found.push(`insides on the page: ${text.slice(0, 60)} ${where}`)
    if (/[A-Z]{3,}_[A-Z]/.test(text)) found.push(`a bare code: ${text.slice(0, 60)} ${where}`)
    const english = (text.replace(/\b[0-9A-Z]{4}(-[0-9A-Z]{4}){2}\b/g, '').match(/[A-Za-z]{3,}/g) ?? []).filter(
      (word) => !figures.latin.includes(word),
    )
    if (english.length > 0 && !/^https?:|[0-9A-Za-z]{20,}/.test(text))
      found.push(`English left over: ${english.join()} ${where}`)
  }

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = (node.textContent ?? '').trim()
    const element = node.parentElement
    if (text === '' || element === null || element.closest('script, style, svg') !== null || !shown(element)) continue
    const style = getComputedStyle(element)
    const size = Number.parseFloat(style.fontSize)
    const line = Number.parseFloat(style.lineHeight)
    if (size < figures.text - 0.01) found.push(`letters of ${size} px, not ${figures.text}: ${about(element)}`)
    if (line / size < figures.lineHeight - 0.01)
      found.push(`lines of ${(line / size).toFixed(2)}, not ${figures.lineHeight}: ${about(element)}`)
    if (text.includes('·') && element.closest('.mid') === null && document.querySelector('.face-standard, .face-elder'))
      found.push(`a wide dot: ${text.slice(0, 40)}`)
    words(text, about(element))
  }
  for (const element of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]'))
    if (shown(element))
      for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
        words(element.getAttribute(name) ?? '', `${name} of ${about(element)}`)

  const nameOf = (element: Element): string => {
    const labelled = element.getAttribute('aria-labelledby')
    const label = element.id === '' ? null : document.querySelector(`label[for="${CSS.escape(element.id)}"]`)
    return (
      element.getAttribute('aria-label') ??
      (labelled === null ? null : (document.getElementById(labelled.split(' ')[0] ?? '')?.textContent ?? null)) ??
      label?.textContent ??
      element.closest('label')?.textContent ??
      element.textContent ??
      ''
    ).trim()
  }
  const listens = (element: Element): boolean => {
    const key = Object.keys(element).find((one) => one.startsWith('__reactProps$'))
    return (
      key !== undefined &&
      typeof (element as unknown as Record<string, { onClick?: unknown }>)[key]?.onClick === 'function'
    )
  }
  const SELF = 'a[href], button, input:not([type=hidden]), textarea, select'
  const ROLES = [
    'button',
    'link',
    'checkbox',
    'radio',
    'tab',
    'switch',
    'option',
    'menuitem',
    'combobox',
    'treeitem',
    'textbox',
  ]
  const isPhone = document.querySelector('.face-standard, .face-elder') !== null
  const tappable: Element[] = []
  for (const element of document.querySelectorAll('body *')) {
    const isControl = element.matches(SELF) || ROLES.includes(element.getAttribute('role') ?? '')
    if (!(isControl || (isPhone && listens(element))) || !shown(element)) continue
    if (!isControl) {
      // A wrapper around a control hands its taps on; anything else that can be tapped must say so.
      if (element.querySelector(SELF) === null && element.closest(`[role], ${SELF}`) === null)
        found.push(`can be tapped and has no role: ${about(element)}`)
      continue
    }
    if (
      element.parentElement?.closest('[role=button], [role=link], [role=checkbox], [role=radio], button, a[href]') !=
        null &&
      isPhone
    ) {
      found.push(`something to tap within something to tap: ${about(element)}`)
      continue
    }
    tappable.push(element)
    const name = nameOf(element) || (element.getAttribute('placeholder') ?? '')
    if ([...name.replace(/\s/g, '')].length < (isPhone || !/^\d+$/.test(name) ? 2 : 1))
      found.push(`a name of less than two characters: "${name}" ${element.outerHTML.slice(0, 120)}`)
  }
  if (!isPhone) return found

  const boxes = tappable.map((element) => ({ element, box: element.getBoundingClientRect() }))
  for (const { element, box } of boxes) {
    if (element.matches('input, textarea') && element.closest('.tap, .field') === null) continue
    if (box.width < figures.touch - 0.5 || box.height < figures.touch - 0.5)
      found.push(
        `${Math.round(box.width)} × ${Math.round(box.height)} px to tap, not ${figures.touch}: ${about(element)}`,
      )
  }
  for (const [index, one] of boxes.entries())
    for (const other of boxes.slice(index + 1)) {
      if (one.element.contains(other.element)) continue
      const across = Math.max(one.box.left - other.box.right, other.box.left - one.box.right)
      const down = Math.max(one.box.top - other.box.bottom, other.box.top - one.box.bottom)
      const isSticky = [one, other].some(
        ({ element }) => element.closest('.foot-sticks, .tabbar, .scan-layer, .sheet, .bar') !== null,
      )
      const between = Math.max(across, down)
      const areButtons = [one, other].every(({ element }) => element.matches('.btn, .big, .answer, .action'))
      if (!isSticky && (between < -0.5 || (areButtons && between < figures.gap - 0.5)))
        found.push(`${Math.round(between)} px between ${about(one.element)} and ${about(other.element)}`)
    }
  const answers = boxes.filter(({ element }) => element.matches('.answer')).map(({ box }) => box.width * box.height)
  if (answers.length === 2 && Math.abs((answers[0] ?? 0) / (answers[1] ?? 1) - 1) > 0.1)
    found.push('two answers of different size')
  for (const close of document.querySelectorAll('[data-close]'))
    if (shown(close) && Math.min(close.getBoundingClientRect().width, close.getBoundingClientRect().height) < 44)
      found.push(`a close button below 44 px: ${about(close)}`)
  const headings = [...document.querySelectorAll('[role=heading][aria-level="1"]')].filter(shown)
  if (headings.length === 0) found.push('no heading')
  if (boxes.length === 0) found.push('no way on')
  return found
}

/** Runs in the page; knows nothing of this file. */
function sticksOut(): string[] {
  const width = document.documentElement.clientWidth
  const found: string[] = []
  if ((document.scrollingElement?.scrollWidth ?? 0) > width) found.push('the page scrolls sideways')
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement
    if (element === null || (node.textContent ?? '').trim() === '') continue
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    const box = range.getBoundingClientRect()
    if (box.width > 0 && (box.left < -0.5 || box.right > width + 0.5))
      found.push(
        `${Math.round(box.left)}–${Math.round(box.right)} px: <${element.className}> ${node.textContent?.slice(0, 24)}`,
      )
    for (let above: Element | null = element; above !== null; above = above.parentElement) {
      const style = getComputedStyle(above)
      if (style.textOverflow === 'ellipsis' && above.scrollWidth > above.clientWidth + 1)
        found.push(`cut off: ${above.textContent?.slice(0, 24)}`)
    }
  }
  return found
}
