import {Pause, Play, Power} from 'lucide-react';
import {useNavigate} from 'react-router-dom';

import {api, body} from '../../api/client';
import type {Endpoint} from '../../api/shapes';
import {AdminOnly} from '../../parts/admin_only';
import {Act} from '../../parts/act';
import {RecoverButton} from './recover_button';

export function EndpointActions({endpoint}: {endpoint: Endpoint}) {
  const params = {params: {path: {id: endpoint.id}, query: {integration_id: endpoint.integration_id}}};
  const touches = [['endpoint', endpoint.id], ['endpoints'], ['deliveries']];
  const {state} = endpoint;
  const navigate = useNavigate();
  return (
    <>
      <AdminOnly><RecoverButton endpoint={endpoint} /></AdminOnly>
      {state !== 'active' && (
        <Act ask={() => body(api.POST('/v1/endpoints/{id}/enable', params))} touches={touches} done="Enabled: what was parked goes out" leftSection={<Play size={14} />}>
          {state === 'paused' ? 'Resume' : 'Enable'}
        </Act>
      )}
      {(state === 'active' || state === 'degraded') && (
        <Act ask={() => body(api.POST('/v1/endpoints/{id}/pause', params))} touches={touches} done="Paused: deliveries are parked" leftSection={<Pause size={14} />}>Pause</Act>
      )}
      {state !== 'disabled' && (
        <Act
          ask={() => body(api.POST('/v1/endpoints/{id}/disable', params))} touches={touches} done="Disabled" color="red" variant="light" leftSection={<Power size={14} />}
          sure={{title: 'Disable this endpoint?', says: 'Its deliveries are parked until it is enabled again. Nothing is lost.'}}
        >
          Disable
        </Act>
      )}
      <Act
        ask={() => body(api.DELETE('/v1/endpoints/{id}', params))} touches={[['endpoints']]} done="Deleted" color="red" variant="subtle" then={() => navigate(`/i/${endpoint.integration_id}/endpoints`)}
        sure={{title: 'Delete this endpoint?', says: 'Its secrets are erased, and what it was still owed is cancelled. This cannot be undone.'}}
      >
        Delete
      </Act>
    </>
  );
}
