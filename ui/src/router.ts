import type { Router, RouterHistory } from 'vue-router';
import { createRouter } from 'vue-router';

/** The pages. Each is loaded when it is first opened. */
export function createPages(history: RouterHistory): Router {
  return createRouter({
    history,
    routes: [
      { path: '/', component: () => import('./views/HomeView.vue') },
      { path: '/dashboards', component: () => import('./views/DashboardsView.vue') },
      { path: '/dashboards/:id', component: () => import('./views/DashboardView.vue'), props: true },
      { path: '/alerts', component: () => import('./views/AlertsView.vue') },
      { path: '/alerts/rules', component: () => import('./views/RulesView.vue') },
      { path: '/alerts/rules/:id', component: () => import('./views/RuleView.vue'), props: true },
      { path: '/alerts/silences', component: () => import('./views/SilencesView.vue') },
      { path: '/alerts/notifications', component: () => import('./views/NotificationsView.vue') },
      { path: '/alerts/history', component: () => import('./views/AlertHistoryView.vue') },
      { path: '/alerts/channels', component: () => import('./views/ChannelsView.vue') },
      { path: '/explore', component: () => import('./views/ExploreView.vue') },
      { path: '/cardinality', component: () => import('./views/CardinalityView.vue') },
      { path: '/targets', component: () => import('./views/TargetsView.vue') },
      { path: '/status', component: () => import('./views/StatusView.vue') },
      { path: '/:other(.*)*', component: () => import('./views/NotFoundView.vue') },
    ],
  });
}
