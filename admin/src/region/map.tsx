import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, Upload } from 'antd'
import { useState } from 'react'
import type { RegionDetail, RegionMapView } from '../../../shared/region/view'
import { may } from '../../../shared/session/permissions'
import { FormDialog } from '../components/form'
import { Section } from '../components/page'
import { PlaceMap } from '../components/place-map'
import { Refused } from '../components/states'
import { post } from '../core/call'
import { newId } from '../core/new-id'
import { useMe } from '../core/session'
import { useAction, useTell } from '../core/use-action'
import { useOne } from '../core/use-list'
import { base64Of } from '../paper/file'

interface Values {
  approvalNo: string
}

/** A county's own map: uploaded with its 审图号, checked, shown under it on the boards; without one the tiles stay. */
export function RegionMap({ region }: { region: RegionDetail }) {
  const me = useMe()
  const cache = useQueryClient()
  const tell = useTell()
  const found = useOne<RegionMapView>(`/regions/${region.id}/map`)
  const [adding, setAdding] = useState(false)
  const [file, setFile] = useState<File | null>(null)
  const refresh = (words: string) => () => {
    cache.invalidateQueries({ queryKey: [`/regions/${region.id}/map`] })
    tell(words)
  }
  const map = found.data?.map ?? null
  const withdraw = useAction((id: string) => post(`/region-maps/${id}/withdrawal`), refresh('撤下了'))
  if (!may(me, 'region.map') && map === null) return null
  return (
    <Section
      title="地图"
      note={map === null ? '没有地图时用方格' : `${map.since} 上传，${map.places} 块，在看板和大屏上`}
      actions={
        may(me, 'region.map') && (
          <>
            <Button onClick={() => setAdding(true)}>{map === null ? '上传地图' : '换一张'}</Button>
            {map !== null && (
              <Button danger loading={withdraw.busy} onClick={() => withdraw.run(map.id)}>
                撤下
              </Button>
            )}
          </>
        )
      }
    >
      <Refused failure={withdraw.failure} />
      <PlaceMap regionId={region.id} places={[]} linkTo={(id) => `/regions?regionId=${id}`} />
      <FormDialog<Values, unknown>
        title="上传地图"
        open={adding}
        onClose={() => setAdding(false)}
        done={refresh('地图换好了')}
        okText="上传"
        note={
          <p className="t2" style={{ marginBottom: 14 }}>
            GeoJSON 文件，经纬度，一块对一个下级，属性 code 写区划代码，2 MB 以内。地图要有审图号，会印在图下。
          </p>
        }
        submit={async ({ approvalNo }) => {
          const text = file === null ? '' : await base64Of(file)
          return post('/region-maps', { id: newId(), regionId: region.id, approvalNo, file: text })
        }}
      >
        <Form.Item name="approvalNo" label="审图号" rules={[{ required: true, message: '请写审图号' }]}>
          <Input maxLength={40} placeholder="例如 鲁S(2026)012号" />
        </Form.Item>
        <Form.Item name="file" label="地图文件">
          <div className="row">
            <Upload
              accept=".geojson,.json"
              showUploadList={false}
              beforeUpload={(one) => {
                setFile(one)
                return false
              }}
            >
              <Button>选文件</Button>
            </Upload>
            <span className="t2">{file?.name ?? '还没有选'}</span>
          </div>
        </Form.Item>
      </FormDialog>
    </Section>
  )
}
