import {NumberInput, Paper, Stack, Switch} from '@mantine/core';
import {useForm} from '@mantine/form';

import type {Integration} from '../../api/shapes';
import {useChange} from './change';
import {SaveBar, SettingsForm} from './save_bar';

export function RetentionForm({integration}: {integration: Integration}) {
  const form = useForm({
    mode: 'controlled',
    validateInputOnChange: true,
    initialValues: {retention_days: integration.retention_days, validate_events: integration.validate_events},
    validate: {retention_days: (value) => (Number.isInteger(value) && value >= 1 && value <= 3650 ? null : 'From 1 to 3,650 days')},
  });
  const changing = useChange(integration.integration_id, form);
  return (
    <SettingsForm onSubmit={form.onSubmit((values) => changing.mutate(values))}>
      <Paper p="md">
        <Stack>
          <NumberInput label="Keep finished events for" description="What is pending or parked is never removed" suffix=" days" min={1} max={3650} maw={260} allowDecimal={false} clampBehavior="none" {...form.getInputProps('retention_days')} />
          <Switch label="Hold events against the schema of their type" description="Events that break it are refused with the place that is wrong" {...form.getInputProps('validate_events', {type: 'checkbox'})} />
        </Stack>
        <SaveBar is_dirty={form.isDirty()} is_saving={changing.isPending} reset={form.reset} />
      </Paper>
    </SettingsForm>
  );
}
