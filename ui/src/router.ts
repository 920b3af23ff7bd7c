// Addresses of the workspace. Pages are loaded when they are first opened.
import { createRouter, createWebHistory } from 'vue-router'
import { known, session } from './session'

declare module 'vue-router' {
  interface RouteMeta {
    open?: boolean // needs no sign-in
    section?: string // entry of the left navigation that is marked
    verb?: string // what one must be allowed to do to see it
    flush?: boolean // the page fills the window and draws its own margins
  }
}

export const router = createRouter({
  history: createWebHistory(),
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
  routes: [
    { path: '/', name: 'home', component: () => import('./pages/Home.vue') },
    { path: '/sign-in', name: 'sign-in', component: () => import('./pages/SignIn.vue'), meta: { open: true } },
    { path: '/start', name: 'start', component: () => import('./pages/Start.vue') },
    {
      path: '/o/:op',
      component: () => import('./shell/Shell.vue'),
      children: [
        { path: '', redirect: (to) => ({ name: 'overview', params: to.params }) },
        { path: 'overview', name: 'overview', component: () => import('./pages/Overview.vue'), meta: { section: 'overview', verb: 'figures.read' } },
        { path: 'records', name: 'records', component: () => import('./pages/Records.vue'), meta: { section: 'review', verb: 'record.read' } },
        { path: 'records/:id', name: 'record', component: () => import('./pages/Record.vue'), meta: { section: 'review', verb: 'record.read' } },
        { path: 'review', name: 'review', component: () => import('./pages/Review.vue'), meta: { section: 'review', verb: 'record.read', flush: true } },
        { path: 'collect', name: 'collect', component: () => import('./pages/Collect.vue'), meta: { section: 'collect' } },
        { path: 'collect/rounds', name: 'rounds', component: () => import('./pages/Rounds.vue'), meta: { section: 'collect' } },
        { path: 'collect/imports', name: 'imports', component: () => import('./pages/Imports.vue'), meta: { section: 'collect', verb: 'record.import' } },
        { path: 'collect/imports/:id', name: 'import', component: () => import('./pages/Import.vue'), meta: { section: 'collect', verb: 'record.import' } },
        { path: 'collect/devices', name: 'devices', component: () => import('./pages/Devices.vue'), meta: { section: 'collect', verb: 'device.manage' } },
        { path: 'figures', name: 'figures', component: () => import('./pages/Figures.vue'), meta: { section: 'figures', verb: 'figures.read' } },
        { path: 'releases', name: 'releases', component: () => import('./pages/Releases.vue'), meta: { section: 'release', verb: 'release.read' } },
        { path: 'releases/:id', name: 'release', component: () => import('./pages/Release.vue'), meta: { section: 'release', verb: 'release.read' } },
        { path: 'releases/:id/trace', name: 'trace', component: () => import('./pages/Trace.vue'), meta: { section: 'release', verb: 'release.read' } },
        { path: 'places', name: 'places', component: () => import('./pages/Places.vue'), meta: { section: 'places' } },
        { path: 'people', name: 'people', component: () => import('./pages/People.vue'), meta: { section: 'people', verb: 'people.manage' } },
        { path: ':rest(.*)*', name: 'nowhere', component: () => import('./pages/Nowhere.vue') },
      ],
    },
    { path: '/:rest(.*)*', name: 'lost', component: () => import('./pages/Nowhere.vue'), meta: { open: true } },
  ],
})

router.beforeEach(async (to) => {
  if (to.meta.open) return true
  if (session.value) return true
  const who = await known().catch(() => undefined)
  if (who) return true
  return { name: 'sign-in', query: to.fullPath === '/' ? {} : { to: to.fullPath } }
})
