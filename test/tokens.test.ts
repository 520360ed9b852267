import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ICONS } from '../shared/core/pictures'
import tokens from '../shared/tokens.json'
import { iconsCss, picturesModule, symbolsOf, tokensCss } from '../tools/tokens.mjs'

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')

type Colours = Record<string, string>
const modes: Record<'light' | 'dark', Colours> = tokens.color

/** Relative luminance of "#RRGGBB" (WCAG 2.2). */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(colours: Colours, fg: string, bg: string): number {
  const [dark, light] = [luminance(colours[fg] ?? ''), luminance(colours[bg] ?? '')].sort((a, b) => a - b) as [
    number,
    number,
  ]
  return (light + 0.05) / (dark + 0.05)
}

describe('one token file', () => {
  test.each(['miniprogram', 'admin'] as const)('the stylesheet of %s says what the tokens say', (app) => {
    expect(read(`${app}/src/core/tokens.css`)).toBe(tokensCss(tokens, app))
  })

  test('the list of pictures says what the sprites hold', () => {
    expect(read('shared/core/pictures.ts')).toBe(picturesModule(read('shared/icons.svg'), read('shared/drawings.svg')))
  })

  test('every icon becomes a mask, and a heavier one for 长辈版', () => {
    const css = iconsCss(symbolsOf(read('shared/icons.svg')), ICONS, tokens)
    for (const name of ICONS) {
      expect(css).toContain(`\n.face-elder .icon-${name}{`)
      expect(`\n${css}`).toContain(`\n.icon-${name}{`)
    }
    expect(css).not.toMatch(/undefined|currentColor/)
  })
})

describe('contrast', () => {
  const pairs = tokens.contrastPairs.flatMap((pair) => (['light', 'dark'] as const).map((mode) => ({ ...pair, mode })))

  test.each(pairs)('$fg on $bg reads at $min:1 in $mode ($use)', ({ fg, bg, min, mode }) => {
    expect(contrast(modes[mode], fg, bg)).toBeGreaterThanOrEqual(min)
  })

  test('what 长辈版 puts in the place of a colour reads at least as well on a card', () => {
    const swaps = Object.entries(tokens.faceOverrides.elder).filter(([, name]) => typeof name === 'string')
    for (const mode of ['light', 'dark'] as const)
      for (const [from, to] of swaps.filter(([from]) => /text/.test(from)))
        expect(contrast(modes[mode], String(to), 'bg-card')).toBeGreaterThanOrEqual(
          contrast(modes[mode], from, 'bg-card'),
        )
  })
})

describe('长辈版', () => {
  const { computed } = tokens.type.elder

  test('nothing is set below 20 px, and the largest size reaches 30', () => {
    expect(Math.min(...Object.values(computed['1']))).toBe(20)
    expect(computed['1.5'].body).toBeGreaterThanOrEqual(30)
  })

  test('every size name of the standard face exists in 长辈版 too', () => {
    const css = tokensCss(tokens, 'miniprogram')
    const elder = css.slice(css.indexOf('.face-elder {'))
    for (const name of css.match(/--fs-[a-z-]+(?=:)/g) ?? []) expect(elder).toContain(`${name}:`)
  })
})
