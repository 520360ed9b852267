import { View } from '@tarojs/components'
import { useState } from 'react'
import { dayOf } from '../../../../shared/core/time'
import type { InvitationView } from '../../../../shared/elder/view'
import { PROXY_SCOPE_PHRASES, PROXY_SCOPES, type ProxyScope } from '../../../../shared/elder/words'
import { BigButton, Button } from '../../components/button'
import { Fact, List, Mark } from '../../components/card'
import { CheckRow, Choices } from '../../components/field'
import { Page } from '../../components/page'
import { QrCard } from '../../components/qr-card'
import { EmptyState, FailureLine, Loaded } from '../../components/states'
import { StatusLine } from '../../components/words'
import { useBrightScreen } from '../../core/bright'
import { get, post } from '../../core/call'
import { goBack } from '../../core/go'
import { type Action, useAction } from '../../core/use-action'
import { useNow } from '../../core/use-now'
import { useQuery } from '../../core/use-query'
import { clockText, dateWords } from '../../core/words'
import type { Cared } from '../cared'
import { ForElder } from '../for-elder'
import { phrases } from '../words'

const BACK = '/elder/apart/proxies'
const RELATIONS = ['儿子', '女儿', '老伴', '孙辈', '亲戚', '邻居'].map((word) => ({ value: word, words: word }))

/** 请家人代办: who it is, what for, and then a code to scan. One question a page. */
export default function InvitePage() {
  return <ForElder title="请家人代办">{(cared) => <Invite cared={cared} />}</ForElder>
}

function Invite({ cared }: { cared: Cared }) {
  const [relation, setRelation] = useState<string | null>(null)
  const [sentId, setSentId] = useState<string | null>(null)
  const send = useAction(async (id, scopes: ProxyScope[]) => {
    const sent = await post<InvitationView>('/proxy-invitations', { id, elderId: cared.elderId, relation, scopes })
    setSentId(sent.id)
  })
  if (!cared.isSelf)
    return (
      <Page title="请家人代办" back={BACK}>
        <EmptyState title="要老人自己请" note="请老人用自己的手机，或找社区" />
      </Page>
    )
  if (sentId !== null) return <Sent id={sentId} onOver={() => setSentId(null)} />
  if (relation === null)
    return (
      <Page title="请家人代办" back={BACK}>
        <View className="stack">
          <View className="h1">请谁来办？</View>
          <Choices label="和您的关系" options={RELATIONS} value={relation} onChange={setRelation} />
        </View>
      </Page>
    )
  return <WhatFor relation={relation} send={send} back={() => setRelation(null)} />
}

function WhatFor({ relation, send, back }: { relation: string; send: Action<[ProxyScope[]]>; back: () => void }) {
  const [scopes, setScopes] = useState<readonly ProxyScope[]>(['confirm', 'ask'])
  const flip = (one: ProxyScope) =>
    setScopes(scopes.includes(one) ? scopes.filter((other) => other !== one) : [...scopes, one])
  return (
    <Page title="请家人代办" back={back}>
      <View className="stack">
        <View className="h1">让{relation}办什么？</View>
        <List>
          {PROXY_SCOPES.map((one) => (
            <CheckRow
              key={one}
              words={PROXY_SCOPE_PHRASES[one]}
              checked={scopes.includes(one)}
              onTap={() => flip(one)}
            />
          ))}
        </List>
        <View className="t2">办的每件事都会记下，您随时能停</View>
        <FailureLine failure={send.failure} />
        <BigButton
          busy={send.busy}
          whyNot={scopes.length === 0 ? '请选一样' : null}
          onTap={() => send.run([...scopes])}
        >
          出邀请码
        </BigButton>
      </View>
    </Page>
  )
}

/** The code, large and bright, until somebody took it up or it is too old. */
function Sent({ id, onOver }: { id: string; onOver: () => void }) {
  const invitation = useQuery(`invitation.${id}`, () => get<InvitationView>(`/proxy-invitations/${id}`))
  useBrightScreen()
  const open = invitation.data?.state === 'open'
  return (
    <Page title="请家人代办" back={BACK} inverse={open}>
      <Loaded query={invitation} failed="没能打开邀请码">
        {(one) =>
          one.address === null ? (
            <Over invitation={one} onOver={onOver} />
          ) : (
            <Open invitation={one} address={one.address} again={invitation.again} onOver={onOver} />
          )
        }
      </Loaded>
    </Page>
  )
}

interface OpenProps {
  invitation: InvitationView
  address: string
  again: () => Promise<void>
  onOver: () => void
}

function Open({ invitation, address, again, onOver }: OpenProps) {
  const today = dayOf(useNow(60))
  const look = useAction(again)
  const end = useAction(async () => {
    await post(`/proxy-invitations/${invitation.id}/ending`)
    onOver()
  })
  return (
    <>
      <QrCard
        title={`请${invitation.relation}扫一扫`}
        text={address}
        digits={invitation.number.replaceAll('-', '')}
        digitsNote="扫不了，就填这个编号"
      >
        <Fact label="能办">{phrases(invitation.scopes)}</Fact>
        <Fact label="到哪天">{dateWords(invitation.validTo, today)}</Fact>
        <Fact label="码到">{clockText(new Date(invitation.expiresAt))}</Fact>
      </QrCard>
      <FailureLine failure={look.failure ?? end.failure} />
      <View className="two">
        <Button kind="card" busy={look.busy} onTap={() => look.run()}>
          看看好了没有
        </Button>
        <Button kind="card" busy={end.busy} onTap={() => end.run()}>
          不请了
        </Button>
      </View>
    </>
  )
}

function Over({ invitation, onOver }: { invitation: InvitationView; onOver: () => void }) {
  if (invitation.state === 'accepted')
    return (
      <>
        <Mark icon="check-circle" title={`${invitation.acceptedBy ?? ''}可以替您办了`} note={invitation.relation} />
        <StatusLine kind="ok">能办：{phrases(invitation.scopes)}</StatusLine>
        <BigButton onTap={() => goBack(BACK)}>好的</BigButton>
      </>
    )
  return (
    <>
      <Mark icon="clock" tone="wait" title="这个码过期了" note="再出一个就行" />
      <BigButton onTap={onOver}>再出一个</BigButton>
    </>
  )
}
