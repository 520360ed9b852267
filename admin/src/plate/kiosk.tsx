import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import type { ElderView } from '../../../shared/elder/view'
import type { ScreenView } from '../../../shared/plate/view'
import type { OrganisationView } from '../../../shared/registry/view'
import { may } from '../../../shared/session/permissions'
import { Choice } from '../components/choice'
import { Page, Section } from '../components/page'
import { Empty, Failed, Loading, NoPermission, Refused } from '../components/states'
import { post } from '../core/call'
import { newId } from '../core/new-id'
import { useScope } from '../core/scope'
import { useMe } from '../core/session'
import { useAction } from '../core/use-action'
import { useList } from '../core/use-list'
import { KioskScreen } from './kiosk-screen'

/** As many as one screen may be for. */
const MOST = 60

/** 动态码大屏: a tablet where many meet shows one code for all of them; helpers scan it coming and going. */
export default function KioskPage() {
  const me = useMe()
  const [screenId, setScreenId] = useState<string | null>(null)
  if (!may(me, 'plate.keep')) return <NoPermission sentence="大屏由管这个地方的工作人员打开" />
  if (screenId !== null) return <KioskScreen id={screenId} onClose={() => setScreenId(null)} />
  return <Opening onOpened={({ id }) => setScreenId(id)} />
}

function Opening({ onOpened }: { onOpened: (screen: ScreenView) => void }) {
  const { regionId } = useScope()
  const list = useList<ElderView>('/elders', { regionId, state: 'active', limit: MOST })
  const sites = useList<OrganisationView>('/organisations', { regionId, active: '1', limit: 100 })
  const [title, setTitle] = useState('')
  const [siteId, setSiteId] = useState<string>()
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [askId] = useState(newId)
  const open = useAction(async () => {
    const [elderId, ...others] = chosen
    return post<ScreenView>('/screens', {
      id: askId,
      ...(elderId === undefined ? {} : { elderId }),
      activity: { title: title.trim(), others, ...(siteId === undefined ? {} : { siteId }) },
    })
  }, onOpened)
  const toggle = (id: string) =>
    setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id].slice(0, MOST))
  const elders = list.data?.items ?? []
  return (
    <Page title="动态码大屏" note="平板放在活动现场，志愿者来了扫一次、走了扫一次">
      <Section title="开一个大屏">
        <Form layout="vertical" onFinish={() => open.run()}>
          <Form.Item label="什么活动" htmlFor="kiosk-title">
            <Input
              id="kiosk-title"
              maxLength={30}
              value={title}
              placeholder="例如：北庄幸福餐桌 重阳节"
              onChange={(event) => setTitle(event.target.value)}
            />
          </Form.Item>
          <Form.Item label="在哪里" htmlFor="kiosk-site" extra="选了地方，志愿者不用选老人，现场的人确认他来过">
            <Choice
              id="kiosk-site"
              width={320}
              all="不在登记的地方"
              {...(siteId === undefined ? {} : { value: siteId })}
              options={(sites.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              onChange={setSiteId}
            />
          </Form.Item>
          <Form.Item label={`哪些老人来（已选 ${chosen.length}，最多 ${MOST}）`}>
            {list.error ? (
              <Failed error={list.error} retry={() => void list.refetch()} />
            ) : list.data === undefined ? (
              <Loading rows={4} />
            ) : elders.length === 0 ? (
              <Empty icon="elder" title="这里没有登记的老人">
                <p className="t3">在左边换一个村再看。</p>
              </Empty>
            ) : (
              <fieldset className="why pick" aria-label="来的老人" style={{ margin: 0, border: 0 }}>
                {elders.map((one) => (
                  <label key={one.id} className={chosen.includes(one.id) ? 'on' : ''}>
                    <input type="checkbox" checked={chosen.includes(one.id)} onChange={() => toggle(one.id)} />
                    <span>{one.maskedName}</span>
                    <span className="t2">{one.age === null ? '' : `${one.age} 岁`}</span>
                  </label>
                ))}
              </fieldset>
            )}
          </Form.Item>
          <Refused failure={open.failure} />
          <Button
            type="primary"
            htmlType="submit"
            loading={open.busy}
            disabled={title.trim() === '' || (chosen.length === 0 && siteId === undefined)}
          >
            打开大屏
          </Button>
        </Form>
      </Section>
    </Page>
  )
}
