import type { Place } from '../../../shared/core/input'

const PATIENCE_MS = 4000

/** The browser's version of ./location: it measures in WGS-84. */
export function findPlace(): Promise<Place | null> {
  return new Promise((resolve) => {
    if (!('geolocation' in navigator)) return resolve(null)
    // The browser's own time limit doesn't run while it waits for the person to grant.
    setTimeout(() => resolve(null), PATIENCE_MS)
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude, accuracy } }) =>
        resolve({ lat: latitude, lon: longitude, accuracyMetres: Math.min(accuracy, 100_000), datum: 'WGS-84' }),
      () => resolve(null),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 30_000 },
    )
  })
}
