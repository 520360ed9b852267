import { useState } from 'react'
import type { IconName } from '../../../shared/core/pictures'
import { Button } from '../components/button'
import { List, ListRow } from '../components/card'
import { CheckRow } from '../components/field'
import { Icon } from '../components/icon'
import { Sheet } from '../components/sheet'

interface ServiceChoiceProps {
  services: readonly { id: string; name: string; icon: string }[]
  chosen: string | null
  /** The one an order asks for. */
  asked: string | null | undefined
  onChoose: (id: string) => void
}

/** What somebody came to do, at a door with or without a network: one is chosen already, and may be changed for another. */
export function ServiceChoice({ services, chosen, asked, onChoose }: ServiceChoiceProps) {
  const [choosing, setChoosing] = useState(false)
  const service = services.find(({ id }) => id === chosen)
  if (service === undefined) return null
  return (
    <>
      <List>
        <ListRow
          lead={<Icon name={service.icon as IconName} size={36} />}
          title={service.name}
          note={asked === service.id ? '您接的需求' : '帮什么'}
          action={
            services.length > 1 ? (
              <Button kind="text" onTap={() => setChoosing(true)}>
                换一项
              </Button>
            ) : undefined
          }
        />
      </List>
      {choosing && (
        <Sheet title="帮什么" onClose={() => setChoosing(false)}>
          {services.map((one) => (
            <CheckRow
              key={one.id}
              role="radio"
              words={one.name}
              checked={one.id === chosen}
              onTap={() => {
                onChoose(one.id)
                setChoosing(false)
              }}
            />
          ))}
        </Sheet>
      )}
    </>
  )
}
