import {Fieldset, NumberInput, Paper, Select, SimpleGrid, Stack, Text, TextInput} from '@mantine/core';
import {useForm} from '@mantine/form';

import type {Integration} from '../../api/shapes';
import {duration} from '../../parts/duration';
import {useChange} from './change';
import {SaveBar, SettingsForm} from './save_bar';
import {https_or_empty} from './rules';

const platforms = ['WEB', 'ANDROID', 'IOS'] as const;
const outcomes = [['complete', 'Completed'], ['incomplete', 'Submitted with parts missing'], ['cancelled', 'Cancelled'], ['expired', 'Time over']] as const;

export function AssessmentForm({integration}: {integration: Integration}) {
  const {redirects = {}, ...now} = integration.assessment;
  const form = useForm({
    mode: 'controlled',
    validateInputOnChange: true,
    initialValues: {
      platform: now.platform ?? 'WEB',
      use_case: now.use_case ?? '',
      time_limit_s: now.time_limit_s ?? 86400,
      privacy_policy_url: now.privacy_policy_url ?? '',
      redirects: {complete: redirects.complete ?? '', incomplete: redirects.incomplete ?? '', cancelled: redirects.cancelled ?? '', expired: redirects.expired ?? ''},
    },
    validate: {
      time_limit_s: (value) => (value >= 60 && value <= 36_000_000 ? null : 'From 60 s to 36,000,000 s'),
      privacy_policy_url: https_or_empty,
      redirects: {complete: https_or_empty, incomplete: https_or_empty, cancelled: https_or_empty, expired: https_or_empty},
    },
  });
  const changing = useChange(integration.integration_id, form, '/assessment');
  const save = form.onSubmit(({platform, use_case, time_limit_s, privacy_policy_url, redirects: to}) => changing.mutate({
    assessment: {
      platform, use_case, time_limit_s, privacy_policy_url: privacy_policy_url || null,
      redirects: {complete: to.complete || null, incomplete: to.incomplete || null, cancelled: to.cancelled || null, expired: to.expired || null},
    },
  }));
  return (
    <SettingsForm onSubmit={save}>
      <Paper p="md">
        <Stack>
          <SimpleGrid cols={{base: 1, sm: 2}}>
            <Select label="Platform" description="Where people take the assessment" data={[...platforms]} allowDeselect={false} {...form.getInputProps('platform')} />
            <TextInput label="Use case" description="For your own orientation" maxLength={120} {...form.getInputProps('use_case')} />
            <NumberInput
              label="Time limit in seconds" description={`From the session’s creation: ${duration(Number(form.values.time_limit_s) || 0)}`} min={60} max={36_000_000} allowDecimal={false} clampBehavior="none" thousandSeparator=","
              {...form.getInputProps('time_limit_s')}
            />
            <TextInput label="Privacy policy" description="Shown before the first question" placeholder="https://example.com/privacy" {...form.getInputProps('privacy_policy_url')} />
          </SimpleGrid>
          <Fieldset legend="Where the browser goes afterwards">
            <Text size="sm" c="dimmed" mb="sm">uid and outcome are added to the query. Without an address, people see a plain closing page.</Text>
            <SimpleGrid cols={{base: 1, sm: 2}}>
              {outcomes.map(([key, label]) => <TextInput key={key} label={label} placeholder="https://example.com/thanks" {...form.getInputProps(`redirects.${key}`)} />)}
            </SimpleGrid>
          </Fieldset>
        </Stack>
        <SaveBar is_dirty={form.isDirty()} is_saving={changing.isPending} reset={form.reset} />
      </Paper>
    </SettingsForm>
  );
}
