import { posix } from 'node:path'
import postcss from 'postcss'
import { type Bundle, readText } from './bundle'

/** What WeChat gives its own elements before any style of ours. */
const ELEMENTS = `
  body { margin: 0 }
  wx-page, wx-view, wx-scroll-view { display: block }
  wx-text { display: inline }
  wx-button { display: block; box-sizing: border-box; margin: 0 auto; padding: 0 14px; font-size: 18px; line-height: 2.55555556; text-align: center; border-radius: 5px; color: #000; background: #f8f8f8; overflow: hidden }
  wx-button::after { display: none }
  wx-image { display: inline-block; width: 320px; height: 240px; overflow: hidden }
  wx-input { display: block; height: 1.4rem; min-height: 1.4rem; overflow: hidden; line-height: 1.4rem }
  wx-textarea { display: block; width: 300px; height: 150px; overflow: hidden }
  wx-input::before, wx-textarea::before { content: attr(value) }
  wx-input[value=""]::before, wx-textarea[value=""]::before { content: attr(placeholder); color: #757575 }
`
const TAG = /(^|[\s>+~,(])(page|view|text|button|input|textarea|image|scroll-view)(?=$|[\s>+~,.:#[)])/g

/** The styles of the app and of one page, as a browser understands them. */
export function browserStyle(bundle: Bundle, page: string): string {
  return [ELEMENTS, read(bundle, 'app.wxss'), read(bundle, `${page}.wxss`)].join('\n')
}

function read(bundle: Bundle, file: string): string {
  const css = postcss.parse(textOf(bundle, file))
  css.walkAtRules('import', (rule) => {
    rule.replaceWith(postcss.parse(read(bundle, posix.join(posix.dirname(file), rule.params.slice(1, -1)))))
  })
  css.walkRules((rule) => {
    rule.selector = rule.selector.replace(TAG, (_, before, tag) => before + (tag === 'page' ? 'body' : `wx-${tag}`))
  })
  css.walkDecls((decl) => {
    decl.value = decl.value.replace(/([\d.]+)rpx/g, (_, rpx) => `${Number(rpx) / 7.5}vw`)
  })
  return css.toString()
}

/** A page needs no style of its own. */
function textOf(bundle: Bundle, file: string): string {
  try {
    return readText(bundle, file)
  } catch {
    return ''
  }
}
