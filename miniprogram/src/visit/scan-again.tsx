import { View } from '@tarojs/components'
import { useEffect, useState } from 'react'
import type { CurrentVisit } from '../../../shared/visit/view'
import { Button } from '../components/button'
import { Card } from '../components/card'
import { FailureLine } from '../components/states'
import { Heading, StatusLine } from '../components/words'
import { post } from '../core/call'
import { now } from '../core/clock'
import { findPlace } from '../core/location'
import { scanCode } from '../core/scan-code'
import { useAction } from '../core/use-action'
import { useNow } from '../core/use-now'
import { clockText } from '../core/words'
import { doOrKeep } from '../queue/queue'

const ASK_EVERY_MS = 60_000

interface ScanAgainProps {
  visit: CurrentVisit
  title: string
  again: () => Promise<void>
}

/** Now and then a helper is asked to scan the plate in the middle of a visit. Who can't goes on all the same. */
export function ScanAgain({ visit, title, again }: ScanAgainProps) {
  const time = useNow(15)
  const [isKept, setKept] = useState(false)
  useEffect(() => {
    const timer = setInterval(() => void again(), ASK_EVERY_MS)
    return () => clearInterval(timer)
  }, [again])
  const scan = useAction(async (id, code: string) => {
    const place = await findPlace()
    const body = { id, code, deviceAt: now().toISOString(), ...(place === null ? {} : { place }) }
    const written = { visitId: visit.id, code, ...(place === null ? {} : { place: JSON.stringify(place) }) }
    const answered = await doOrKeep({ id, kind: 'scan', body: written, title }, () =>
      post<CurrentVisit>(`/visits/${visit.id}/scans`, body),
    )
    if (answered === null) setKept(true)
    else await again()
  })
  const press = async () => {
    const code = await scanCode()
    if (code !== null) await scan.run(code)
  }
  const until = visit.scanAgainUntil === null ? null : new Date(visit.scanAgainUntil)
  if (until === null || until < time) return null
  return (
    <Card className="stack">
      <Heading>请再扫一次门牌</Heading>
      {isKept ? (
        <StatusLine kind="ok">扫过了，已记在手机里</StatusLine>
      ) : (
        <>
          <View className="t2">{clockText(until)} 以前扫都算。扫不了也不要紧，照样帮完</View>
          <FailureLine failure={scan.failure} />
          <Button kind="fill" icon="scan" className="btn-wide" busy={scan.busy} onTap={press}>
            扫门牌
          </Button>
        </>
      )}
    </Card>
  )
}
