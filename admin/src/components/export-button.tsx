import { Button, Dropdown } from 'antd'
import { may } from '../../../shared/session/permissions'
import { download, type Query } from '../core/call'
import { useMe } from '../core/session'
import { useAction, useTell } from '../core/use-action'
import { Icon } from './icon'

interface ExportButtonProps {
  path: string
  /** The filter in use: what is exported is what is filtered, masked. */
  query: Query
  /** The file's name, without its ending. */
  name: string
  label?: string
  /** Figures of places, not a list of people: a city may take these too. */
  aggregate?: boolean
}

const WORDS = { xlsx: 'Excel 表（xlsx）', csv: '文本表（CSV）' }

export function ExportButton({ path, query, name, label = '导出', aggregate = false }: ExportButtonProps) {
  const me = useMe()
  const tell = useTell()
  const { run, busy, failure } = useAction(
    (format: string) => download(path, { ...query, format }, `${name}.${format}`),
    () => tell('导出好了，请看浏览器的下载'),
  )
  if (!aggregate && !may(me, 'people.export') && !may(me, 'redemption.atPoint')) return null
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: Object.entries(WORDS).map(([key, words]) => ({ key, label: words })),
          onClick: ({ key }) => run(key),
        }}
      >
        <Button loading={busy} icon={<Icon name="export" size={18} />}>
          {label}
        </Button>
      </Dropdown>
      {failure && (
        <span role="alert" className="status bad">
          {failure.sentence}
        </span>
      )}
    </>
  )
}
