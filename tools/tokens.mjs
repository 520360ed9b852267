#!/usr/bin/env node
// node tools/tokens.mjs: writes what the two apps take from shared/tokens.json, shared/icons.svg and shared/drawings.svg.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const read = (file) => readFileSync(path.join(root, file), 'utf8')

const px = (value) => `${value}px`
const kebab = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
const rule = (selector, vars) =>
  `${selector} {\n${vars.map(([name, value]) => `  --${name}: ${value};`).join('\n')}\n}\n`
const prefixed = (prefix, values, write = px) =>
  Object.entries(values).map(([name, value]) => [`${prefix}-${kebab(name)}`, write(value)])

const colours = (tokens, mode) => [
  ...Object.entries(tokens.color[mode]),
  ...prefixed('shadow', tokens.elevation[mode], String),
]

const charts = (tokens, mode) => [
  ...tokens.dataViz[mode].categorical.map((value, index) => [`viz-${index + 1}`, value]),
  ...tokens.dataViz[mode].sequentialCoverage.flatMap(({ fill, line, text }, step) => [
    [`cov-${step}`, fill],
    [`cov-${step}-line`, line],
    [`cov-${step}-text`, text],
  ]),
]

const shape = ({ type, space, radius, motion }) => [
  ['font', type.family],
  ['w-regular', type.weight.regular],
  ['w-strong', type.weight.strong],
  ...prefixed('s', Object.fromEntries(Object.entries(space).filter(([name]) => name !== 'unit'))),
  ...prefixed('r', radius),
  ['t-fast', `${motion.fast}ms`],
  ['t-base', `${motion.base}ms`],
  ['t-sheet', `${motion.sheet}ms`],
  ['ease', motion.easing],
]

const standardFace = ({ type: { standard }, touch, icon }) => [
  ...prefixed('fs', sizesOf(standard)),
  ['lh', standard.lineHeight],
  ['touch', px(touch.standard.min)],
  ['h-button', px(touch.standard.button)],
  ['h-primary', px(touch.standard.buttonPrimary)],
  ['gap-touch', px(touch.standard.gap)],
  ['icon-stroke', icon.stroke],
]

const sizesOf = (face) => Object.fromEntries(Object.entries(face).filter(([name]) => name !== 'lineHeight'))

/** The names of the standard face mean the nearest size of 长辈版, so that no component falls below its floor. */
const standardNames = [
  ['fs-caption', 'var(--fs-body)'],
  ['fs-body-small', 'var(--fs-body)'],
  ['fs-heading', 'var(--fs-fact)'],
  ['fs-title', 'var(--fs-fact)'],
  ['fs-display', 'var(--fs-headline)'],
]

const elderFace = ({ type, touch, faceOverrides: { elder } }) => [
  ...prefixed('fs', type.elder.computed['1']),
  ...standardNames,
  ['touch', px(touch.elder.min)],
  ['h-button', px(touch.elder.button)],
  ['h-primary', px(touch.elder.button)],
  ['h-answer', px(touch.elder.answer)],
  ['gap-touch', px(touch.elder.gap)],
  ['icon-stroke', elder.iconStroke],
  ...Object.entries(elder).flatMap(([name, value]) => (typeof value === 'string' ? [[name, `var(--${value})`]] : [])),
  ['t-fast', '0ms'],
  ['t-base', '0ms'],
  ['t-sheet', '0ms'],
]

const adminFace = ({ type: { admin }, touch }) => [
  ...prefixed('fs', sizesOf(admin)),
  ['lh', admin.lineHeight],
  ['touch', px(touch.admin.min)],
  ['h-button', px(touch.admin.button)],
  ['h-primary', px(touch.admin.button)],
]

const noMotion = [
  ['t-fast', '0ms'],
  ['t-base', '0ms'],
  ['t-sheet', '0ms'],
]

/** The stylesheet one app begins with. `page` is the root of a mini-program page, `:root` that of a browser. */
export function tokensCss(tokens, app) {
  const phone = app === 'miniprogram'
  const page = phone ? 'page, ' : ''
  const dark = phone ? colours(tokens, 'dark') : [...colours(tokens, 'dark'), ...charts(tokens, 'dark')]
  const light = phone ? colours(tokens, 'light') : [...colours(tokens, 'light'), ...charts(tokens, 'light')]
  const face = phone ? standardFace(tokens) : adminFace(tokens)
  const scales = Object.entries(tokens.type.elder.computed).filter(([scale]) => scale !== '1')
  return [
    '/* biome-ignore-all format: written by tools/tokens.mjs from shared/tokens.json. */\n',
    `${page}:root {\n  color-scheme: light dark;\n}\n`,
    rule(`${page}:root`, [...light, ...shape(tokens), ...face]),
    `@media (prefers-color-scheme: dark) {\n${rule(`${page}:root:not([data-theme="light"])`, dark)}}\n`,
    rule('[data-theme="dark"]', dark),
    `@media (prefers-reduced-motion: reduce) {\n${rule(`${page}:root`, noMotion)}}\n`,
    ...(phone
      ? [
          rule('.face-elder', elderFace(tokens)),
          ...scales.map(([scale, sizes]) => rule(`.face-elder.scale-${scale * 100}`, prefixed('fs', sizes))),
        ]
      : []),
  ].join('')
}

/** The symbols of a sprite: name → its view box and what is drawn. */
export function symbolsOf(svg) {
  const symbols = svg.matchAll(/<symbol id="([^"]+)" viewBox="([^"]+)"[^>]*>(.*?)<\/symbol>/gs)
  return Object.fromEntries([...symbols].map(([, name, box, body]) => [name, { box, body: body.trim() }]))
}

/** `#` and `%` would end or break the address; double quotes would end the CSS string. */
const dataUri = (svg) =>
  `url("data:image/svg+xml,${svg.replace(/"/g, "'").replace(/%/g, '%25').replace(/#/g, '%23').replace(/</g, '%3C').replace(/>/g, '%3E')}")`
/** The prefixed name is the one every web view and every browser knows. */
const mask = (selector, svg) => `${selector}{-webkit-mask-image:${dataUri(svg)}}\n`
const short = (body) => body.replace(/\.(\d*?)0+(?=\D)/g, (_, digits) => (digits === '' ? '' : `.${digits}`))

const drawn = ({ box, body }, stroke) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" fill="none" stroke="#000" stroke-linecap="round" stroke-linejoin="round" stroke-width="${stroke}">${short(body)}</svg>`

/** One mask per icon, a heavier one for 长辈版: an address can't read a variable. The colour is the text's. */
export function iconsCss(symbols, names, tokens) {
  return names
    .map(
      (name) =>
        mask(`.icon-${name}`, drawn(symbols[name], tokens.icon.stroke)) +
        mask(`.face-elder .icon-${name}`, drawn(symbols[name], tokens.faceOverrides.elder.iconStroke)),
    )
    .join('')
}

/** A drawing has a mask per layer, each filled with a colour of the theme, so that it turns dark with the page. */
export function drawingsCss(symbols) {
  return Object.entries(symbols)
    .flatMap(([name, { box, body }]) =>
      [...body.matchAll(/<g id="([a-z]+)">(.*?)<\/g>/gs)].map(([, layer, paths]) =>
        mask(`.drawing-${name} .layer-${layer}`, drawn({ box, body: paths.trim().replace(/>\s+</g, '><') }, 2.4)),
      ),
    )
    .join('')
}

/** The icons whose names stand in quotes somewhere in the app. */
export function iconsUsed(names, sources) {
  return names.filter((name) => sources.some((source) => source.includes(`'${name}'`) || source.includes(`"${name}"`)))
}

/** Writes what is committed: the tokens of both apps and the names of the sprite. */
export function writeTokens() {
  const tokens = JSON.parse(read('shared/tokens.json'))
  for (const app of ['miniprogram', 'admin']) {
    mkdirSync(path.join(root, app, 'src/core'), { recursive: true })
    writeFileSync(path.join(root, app, 'src/core/tokens.css'), tokensCss(tokens, app))
  }
  writeFileSync(
    path.join(root, 'shared/core/pictures.ts'),
    picturesModule(read('shared/icons.svg'), read('shared/drawings.svg')),
  )
}

/** The names a catalogue may give a picture, for both apps and the server. */
export function picturesModule(icons, drawings) {
  const list = (svg) =>
    Object.keys(symbolsOf(svg))
      .map((name) => `  '${name}',`)
      .join('\n')
  return `// biome-ignore-all format: written by tools/tokens.mjs from shared/icons.svg and shared/drawings.svg
export const ICONS = [
${list(icons)}
] as const
export type IconName = (typeof ICONS)[number]

export const DRAWINGS = [
${list(drawings)}
] as const
export type DrawingName = (typeof DRAWINGS)[number]
`
}

/** Writes what each build of the phone app makes anew: the pictures its sources name. */
export function writePictures() {
  const source = path.join(root, 'miniprogram/src')
  const files = readdirSync(source, { recursive: true }).filter((file) => /\.tsx?$/.test(file))
  const sources = files.map((file) => readFileSync(path.join(source, file), 'utf8'))
  const icons = symbolsOf(read('shared/icons.svg'))
  const tokens = JSON.parse(read('shared/tokens.json'))
  const css =
    iconsCss(icons, iconsUsed(Object.keys(icons), sources), tokens) +
    drawingsCss(symbolsOf(read('shared/drawings.svg')))
  writeFileSync(path.join(source, 'components/pictures.css'), css)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeTokens()
  writePictures()
}
