import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import closeWithGrace from 'close-with-grace'
import { newApp } from './app'
import { steadyClock } from './core/clock'
import { BadConfig, readConfig } from './core/config'
import { FOR_SERVING, isPostgresUrl, openDb } from './core/db'
import { listen } from './core/listen'
import { lockFile } from './core/lock'
import { bugOf, newLog } from './core/log'
import { migrate } from './core/migrate'
import type { Parts } from './core/route'
import { DEMO_PLATE } from './demo/identities'
import { seedIfEmpty } from './demo/seed'
import { runJobs } from './jobs/run'
import { whyNotServe } from './serve'
import { newSms } from './sms/sms'
import { newWechatOf } from './wechat/of'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')

/** The only impure file at the top: reads settings, opens the database, listens. */
async function main(): Promise<void> {
  const config = readConfig()
  const unlock = isPostgresUrl(config.databaseUrl) ? () => {} : await lockFile(fileOf(config.databaseUrl))
  await migrate(
    config.databaseUrl,
    join(ROOT, 'prisma', isPostgresUrl(config.databaseUrl) ? 'postgresql' : 'sqlite', 'migrations'),
    console.log,
  )
  const db = openDb(config.databaseUrl, FOR_SERVING)
  const now = steadyClock(() => new Date())
  const log = newLog('info')
  const parts: Parts = {
    db,
    config,
    now,
    log,
    wechat: newWechatOf(config, db, now, log),
    sms: newSms(config.messages.sms, log),
  }
  if (config.demo) await seedIfEmpty(parts)
  const whyNot = await whyNotServe(db, config, now())
  if (whyNot !== null) throw new BadConfig([whyNot])
  const server = await listen(newApp(parts), config).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE' ? new BadConfig([`PORT: ${config.port} is taken already`]) : error
  })
  const stopJobs = runJobs(parts)
  await announce(parts, (server.address() as { port: number }).port)
  closeWithGrace({ delay: 10_000 }, async ({ err }) => {
    if (err) log.error({ bug: bugOf(err) })
    stopJobs()
    server.closeIdleConnections()
    await new Promise((resolve) => server.close(resolve))
    await db.$disconnect()
    unlock()
  })
}

function fileOf(url: string): string {
  const file = url.replace(/^file:/, '').split('?')[0] as string
  mkdirSync(dirname(file), { recursive: true })
  return file
}

async function announce({ db, config }: Parts, port: number): Promise<void> {
  const base = `http://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${port}`
  const kind = await db.meta.findUnique({ where: { key: 'kind' } })
  console.log(`\nMulin 睦邻 is up (${kind?.value ?? 'empty'} data)\n`)
  console.log(`  手机端  ${base}/\n  管理端  ${base}/admin/\n  接口    ${base}/api/v1  (${base}/api/openapi.json)\n`)
  if (kind?.value !== 'demo') return
  const { demoIdentities } = await import('./session/demo')
  console.log('  演示身份（登录页点一下就行）')
  for (const one of await demoIdentities({ db, config } as Parts)) {
    console.log(
      `  ${one.app === 'phone' ? '手机端' : '管理端'}  ${one.kindWord.padEnd(10, '　')} ${one.name}  ${one.regionName}`,
    )
  }
  const plate = await db.meta.findUnique({ where: { key: DEMO_PLATE } })
  if (plate !== null) console.log(`\n  没有打印门牌时，扫一扫里可以填这块牌子的编号：${plate.value}`)
  console.log('')
}

main().catch((error: unknown) => {
  console.error(error instanceof BadConfig ? error.message : error)
  process.exit(1)
})
