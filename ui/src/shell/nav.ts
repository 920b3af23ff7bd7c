// Sections of the workspace in the order of the work. Only those that work are here.
import type { IconName } from '../parts/icons'

export interface Section { id: string; route: string; icon: IconName; verb?: string; phone?: boolean }

export const sections: Section[] = [
  { id: 'overview', route: 'overview', icon: 'overview', verb: 'figures.read', phone: true },
  { id: 'collect', route: 'collect', icon: 'collect', phone: true },
  { id: 'review', route: 'review', icon: 'review', verb: 'record.read', phone: true },
  { id: 'figures', route: 'figures', icon: 'figures', verb: 'figures.read' },
  { id: 'release', route: 'releases', icon: 'release', verb: 'release.read' },
  { id: 'places', route: 'places', icon: 'places', phone: true },
  { id: 'people', route: 'people', icon: 'people', verb: 'people.manage' },
]
