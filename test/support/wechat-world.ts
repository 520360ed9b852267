import { onTestFinished } from 'vitest'
import type { LogLine } from '../../server/wechat/host'
import { newMemoryTokenStore, type TokenStore } from '../../server/wechat/token-store'
import { newWechat, type WechatOptions } from '../../server/wechat/wechat'
import { startWechatEmulator } from './wechat-emulator/start'

/** An emulated host with one user, one template and one page, and our module pointed at it. */
export async function newWechatWorld(options: Partial<WechatOptions> = {}) {
  const emulator = await startWechatEmulator({ seed: 11 })
  onTestFinished(() => emulator.close())
  const user = emulator.addUser({ phone: '13800001111' })
  emulator.addTemplate('visit-done', ['thing1', 'time2'])
  emulator.publishedPages.add('pages/scan/index')
  const log: LogLine[] = []

  function processWith(tokenStore: TokenStore, given: Partial<WechatOptions> = {}) {
    return newWechat({
      base: emulator.base,
      appid: emulator.appid,
      secret: emulator.secret,
      now: emulator.clock.now,
      log: (line) => log.push(line),
      tokenStore,
      ...given,
      limits: { backOffMs: 2, ...given.limits },
    })
  }

  return { emulator, user, log, processWith, wechat: processWith(newMemoryTokenStore(), options) }
}

export const message = (openid: string) => ({
  openid,
  templateId: 'visit-done',
  page: 'pages/scan/index',
  build: 'release' as const,
  values: { thing1: '陪同就医', time2: '2026-11-22 09:00' },
})

export const plate = { scene: `P1a${'0'.repeat(28)}`, page: 'pages/scan/index', build: 'release', width: 430 } as const
