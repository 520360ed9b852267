import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { launchChromium } from '../chromium'

/** Where the last run's photographs lie, for whoever wants to look. */
const ALBUM = fileURLToPath(new URL('../../../node_modules/.cache/mulin/weapp', import.meta.url))

export type Face = 'standard' | 'elder'
/** What a face promises: text and touch targets are never smaller, in px. */
const LEAST: Record<Face, { text: number; target: number }> = {
  standard: { text: 13, target: 44 },
  elder: { text: 20, target: 60 },
}

/** A browser that is shown pages of the mini-program as their templates and styles make them. */
export async function newPhotographer() {
  const browser = await launchChromium()
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    locale: 'zh-CN',
  })
  const page = await context.newPage()
  mkdirSync(ALBUM, { recursive: true })

  return {
    /** Photographs a page and says what is wrong with it on a phone of this width. */
    async photograph(html: string, name: string, face: Face, width = 390): Promise<string[]> {
      await page.setViewportSize({ width, height: 844 })
      await page.setContent(html)
      await page.screenshot({ path: join(ALBUM, `${name}-${width}.png`), fullPage: true })
      return faultsOf(page, LEAST[face])
    },
    close: () => browser.close(),
  }
}

function faultsOf(page: Page, least: { text: number; target: number }): Promise<string[]> {
  return page.evaluate(({ text, target }) => {
    const wordsOf = (element: Element) => element.getAttribute('aria-label') ?? element.textContent ?? ''
    const isShown = (element: Element) => element.getClientRects().length > 0
    const faults: string[] = []

    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth > clientWidth) faults.push(`${scrollWidth - clientWidth} px wider than the phone`)

    const roles = ['button', 'link', 'checkbox', 'radio', 'tab'].map((role) => `[aria-role=${role}]`)
    for (const element of [...document.querySelectorAll([...roles, 'wx-button'].join())].filter(isShown)) {
      const { width, height } = element.getBoundingClientRect()
      if (Math.min(width, height) < target - 0.5)
        faults.push(`“${wordsOf(element)}” is ${Math.round(width)} × ${Math.round(height)}`)
    }

    // Rounded boxes that stand below each other need air between them; rows inside one box have hairlines instead.
    const boxes = [...document.querySelectorAll('body *')].filter((element) => {
      const { borderTopLeftRadius, backgroundColor, borderTopWidth, position } = getComputedStyle(element)
      const isFilled = !['transparent', 'rgba(0, 0, 0, 0)'].includes(backgroundColor) || borderTopWidth !== '0px'
      return Number.parseFloat(borderTopLeftRadius) >= 8 && isFilled && position !== 'absolute' && isShown(element)
    })
    // What is stuck to the edge has the page moving below it.
    const isStuck = (box: Element): boolean =>
      ['fixed', 'sticky'].includes(getComputedStyle(box).position) ||
      (box.parentElement !== null && isStuck(box.parentElement))
    const outermost = boxes.filter(
      (box) => !isStuck(box) && !boxes.some((other) => other !== box && other.contains(box)),
    )
    for (const upper of outermost) {
      const above = upper.getBoundingClientRect()
      for (const lower of outermost) {
        const below = lower.getBoundingClientRect()
        const air = below.top - above.bottom
        const isBelow = Math.min(above.right, below.right) - Math.max(above.left, below.left) > 8
        if (isBelow && air > -1 && air < 7.5) faults.push(`“${wordsOf(upper)}” touches “${wordsOf(lower)}”`)
      }
    }

    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) {
      const { parentElement, nodeValue } = texts.currentNode
      if (parentElement === null || !isShown(parentElement) || nodeValue?.trim() === '') continue
      const size = Number.parseFloat(getComputedStyle(parentElement).fontSize)
      if (size < text) faults.push(`“${nodeValue}” is written in ${size} px`)
    }
    return [...new Set(faults)]
  }, least)
}
