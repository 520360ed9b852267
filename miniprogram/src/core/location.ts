import Taro from '@tarojs/taro'
import type { Place } from '../../../shared/core/input'

const PATIENCE_MS = 4000

/**
 * Where the phone is, or null: not granted, not found, or not found in time. Location is evidence, never a gate, so
 * whoever asks goes on without it. Precise or nothing: WeChat's fuzzy places are not asked for.
 */
export async function findPlace(): Promise<Place | null> {
  const tooLate = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE_MS))
  return Promise.race([measure().catch(() => null), tooLate])
}

async function measure(): Promise<Place> {
  const asked = { type: 'gcj02', isHighAccuracy: true, highAccuracyExpireTime: PATIENCE_MS } as const
  const { latitude, longitude, accuracy } = await Taro.getLocation(asked)
  return { lat: latitude, lon: longitude, accuracyMetres: Math.min(Math.max(accuracy, 0), 100_000), datum: 'GCJ-02' }
}
