import { View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import type { PublicCertificate } from '../../../shared/certificate/view'
import { dayOf } from '../../../shared/core/time'
import { Button } from '../components/button'
import { Card, Fact, Mark } from '../components/card'
import { Page } from '../components/page'
import { Loaded } from '../components/states'
import { StatusLine } from '../components/words'
import { get } from '../core/call'
import { type Checked, checkProof } from '../core/check-proof'
import { dial } from '../core/dial'
import { useQuery } from '../core/use-query'
import { CERTIFICATE_WORDS, contentOf, numberGroups } from './words'

type Shown = PublicCertificate & { checked: Checked }

/** Where the code on a certificate leads: whether it holds, for everybody, and checked by this device itself. */
export default function CertificatePage() {
  const { no = '' } = useRouter().params
  const wanted = no.toUpperCase().replace(/[^0-9A-Z]/g, '')
  const shown = useQuery(`certificate.${wanted}`, () => find(wanted))
  return (
    <Page title="核对证明">
      <Loaded query={shown} failed="没能查到这份证明">
        {(one) => <Answer shown={one} no={wanted} />}
      </Loaded>
    </Page>
  )
}

async function find(no: string): Promise<Shown> {
  const found = await get<PublicCertificate>(`/public/certificates/${encodeURIComponent(no === '' ? '0' : no)}`)
  const checked = found.proof === null ? ({ how: 'cannot' } as const) : await checkProof(found.proof, found.keys)
  return { ...found, checked }
}

function Answer({ shown, no }: { shown: Shown; no: string }) {
  const { state, certificate, maskedName, agencyName, hotline, checked } = shown
  return (
    <>
      {state === 'unknown' && <Mark icon="alert" tone="warn" title="查无此证" note="编号不对，或者不是我们开的" />}
      {state === 'revoked' && <Mark icon="alert" tone="warn" title="已撤销" note="这份证明不再有效" />}
      {state === 'valid' && <Mark icon="check" tone="ok" title="有效" note={agencyName} />}
      {certificate !== null && (
        <Card>
          <Fact label="证明">{CERTIFICATE_WORDS[certificate.kind]}</Fact>
          <Fact label="姓名">{maskedName ?? '已注销'}</Fact>
          <Fact label="内容" strong>
            {contentOf(certificate)}
          </Fact>
          <Fact label="起止">{`${certificate.fromDay} 至 ${certificate.toDay}`}</Fact>
          <Fact label="开具">{dayOf(new Date(certificate.issuedAt))}</Fact>
          {certificate.revokedAt !== null && <Fact label="撤销">{dayOf(new Date(certificate.revokedAt))}</Fact>}
          <Fact label="记录单位">{agencyName}</Fact>
          <Fact label="编号">{numberGroups(certificate.no)}</Fact>
        </Card>
      )}
      {certificate !== null && <OwnCheck checked={checked} no={no} />}
      <Button kind="line" icon="phone" className="btn-wide" onTap={() => dial(hotline)}>
        打电话
      </Button>
    </>
  )
}

/** What this device found out by itself: the number, the sums and the days are those that were sealed. */
function OwnCheck({ checked, no }: { checked: Checked; no: string }) {
  if (checked.how === 'cannot')
    return <View className="t2">这台设备不能自己核对签名。需要时请在新版浏览器里打开，或者用凭据文件不联网核对。</View>
  if (checked.how === 'broken' || checked.leaf.no !== no)
    return <StatusLine kind="bad">这台设备核对没有通过，请打电话问清楚</StatusLine>
  return (
    <View className="stack">
      <StatusLine kind="ok">这台设备已自己核对：签名正确，内容没有改动</StatusLine>
      <View className="t3 cap">{`账本日志 ${checked.origin}，共 ${checked.size} 条`}</View>
    </View>
  )
}
