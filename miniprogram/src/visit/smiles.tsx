import { Text, View } from '@tarojs/components'
import { useState } from 'react'
import type { IconName } from '../../../shared/core/pictures'
import { FACE_LIST, FACES, type Face } from '../../../shared/visit/rating'
import { Icon } from '../components/icon'
import { FailureLine } from '../components/states'
import { Tappable } from '../components/tappable'
import { post } from '../core/call'
import { useAction } from '../core/use-action'
import './smiles.css'

const ICONS: Record<Face, IconName> = { 3: 'face-good', 2: 'face-fair', 1: 'face-bad' }

/** Three faces after somebody came; one tap, once. Nobody has to. */
export function Smiles({ visitId, elderId, question }: { visitId: string; elderId: string; question: string }) {
  const [given, setGiven] = useState<Face | null>(null)
  const rate = useAction(async (id, face: Face) => {
    await post(`/visits/${visitId}/rating`, { id, elderId, face })
    setGiven(face)
  })
  if (given !== null)
    return (
      <View className="smiles-given">
        <Icon name={ICONS[given]} size={44} />
        <Text>您说：{FACES[given]}</Text>
      </View>
    )
  return (
    <View className="smiles">
      <View className="smiles-question">{question}</View>
      <View className="smiles-row">
        {FACE_LIST.map((face) => (
          <Tappable key={face} className="smile" disabled={rate.busy} onTap={() => rate.run(face)}>
            <Icon name={ICONS[face]} size={44} />
            <Text>{FACES[face]}</Text>
          </Tappable>
        ))}
      </View>
      <FailureLine failure={rate.failure} />
    </View>
  )
}
