import {Radio, SegmentedControl, SimpleGrid, Text} from '@mantine/core';
import {useState} from 'react';

import {api, body} from '../../api/client';
import {useEndpointPresets} from '../../api/endpoints';
import type {Endpoint, EndpointPreset} from '../../api/shapes';
import {Heading} from '../../parts/heading';
import {Asked} from '../../parts/states';
import {usePlace} from '../../shell/environment_frame';
import {presets as described} from '../deployments/presets';
import {EndpointForm, useEndpointForm} from './endpoint_form';
import {Section} from './form_sections';
import {changes_of, filled_in} from './form_values';

function New({presets, first}: {presets: EndpointPreset[]; first: EndpointPreset}) {
  const {integration_id} = usePlace();
  const [preset, set_preset] = useState(first);
  const [kind, set_kind] = useState<Endpoint['kind']>('events');
  const form = useEndpointForm(first);
  const choose = (name: string) => {
    const to = presets.find((each) => each.preset === name) ?? preset;
    form.setValues(filled_in(form.values, to, presets));
    set_preset(to);
  };
  const settings = () => {
    const changes = changes_of(form.values, preset);
    return kind === 'events' ? changes : {...changes, filter: null};
  };
  const back = `/i/${integration_id}/endpoints`;
  return (
    <EndpointForm
      form={form} integration_id={integration_id} kind={kind} back={back} named={{submit: 'Create', done: 'Created'}} is_short
      save={() => body(api.POST('/v1/endpoints', {body: {...settings(), url: form.values.url, integration_id, kind, preset: preset.preset}}))}
    >
      <Section title="What for" says="What its settings begin with. Each of them can be changed, now and later.">
        <Radio.Group aria-label="Preset" value={preset.preset} onChange={choose}>
          <SimpleGrid cols={{base: 1, md: 3}}>{presets.map(({preset: key}) => <Radio key={key} value={key} label={described[key].name} description={described[key].says} />)}</SimpleGrid>
        </Radio.Group>
        <div>
          <Text size="sm" fw={500} mb={4}>Takes</Text>
          <SegmentedControl
            aria-label="Takes" data={[{value: 'events', label: 'Events'}, {value: 'operational', label: 'Operational news'}]} value={kind} onChange={(value) => set_kind(value === 'operational' ? value : 'events')}
          />
          {kind === 'operational' && <Text size="xs" c="dimmed" mt={4}>Posthorn’s own: that an endpoint fails or is back, that a delivery has used up its tries.</Text>}
        </div>
      </Section>
    </EndpointForm>
  );
}

export default function EndpointNew() {
  const {integration_id, deployment, environment} = usePlace();
  const query = useEndpointPresets(integration_id);
  return (
    <>
      <Heading title="New endpoint" back={[`/i/${integration_id}/endpoints`, 'Endpoints']} says={`In ${environment}. An address is enough; everything else has a good value.`} />
      <Asked query={query} lines={9}>
        {({data}) => {
          const first = data.find(({preset}) => preset === deployment.preset) ?? data[0];
          return first && <New presets={data} first={first} />;
        }}
      </Asked>
    </>
  );
}
