import { startWechatEmulator } from './start'

/** `tsx test/support/wechat-emulator/main.ts [port]`: the emulator by itself, on the real clock, for a developer or another process. */
const { base, appid, secret } = await startWechatEmulator({
  port: Number(process.argv[2] ?? 0),
  at: new Date(),
  running: true,
})
console.log(`WECHAT_API_BASE=${base} WECHAT_APPID=${appid} WECHAT_SECRET=${secret}`)
