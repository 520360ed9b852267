import path from 'node:path'
import type { IPluginContext } from '@tarojs/service'
import { ariaComponents } from './aria.mjs'

/** What this plugin uses of a Taro platform; the browser has no template. */
interface Platform {
  ctx?: unknown
  runtimePath: string | string[]
  template?: { mergeComponents(ctx: unknown, components: typeof ariaComponents): void }
}

/** Taro's mini-program templates drop aria-*: they are added to base.wxml, and to the runtime's table of names. */
export default (ctx: IPluginContext) => {
  ctx.registerMethod({
    name: 'onSetupClose',
    fn(platform: Platform) {
      if (!platform.template) return
      platform.template.mergeComponents(platform.ctx ?? ctx, ariaComponents)
      platform.runtimePath = [platform.runtimePath, path.join(__dirname, 'aria-runtime.mjs')].flat()
    },
  })
}
