import {Box, Button, ColorInput, Grid, Paper, Stack, Text, TextInput} from '@mantine/core';
import {useForm} from '@mantine/form';

import type {Integration} from '../../api/shapes';
import styles from './branding.module.css';
import {useChange} from './change';
import {https_or_empty} from './rules';
import {SaveBar, SettingsForm} from './save_bar';

const plain_colour = '#2f5bd0';

/** The welcome page's look; the logo itself is not fetched, for the console calls nobody but its own server. */
function Preview({name, colour, has_logo}: {name: string; colour: string; has_logo: boolean}) {
  const shown = /^#[0-9a-f]{6}$/i.test(colour) ? colour : plain_colour;
  return (
    <div className={styles.phone} aria-label="Preview" role="img">
      <div className={styles.bar} style={{background: shown}}>{has_logo ? <span className={styles.logo}>logo</span> : null}{name || 'Assessment'}</div>
      <Stack p="md" gap="sm">
        <Text fw={700} size="lg" c="#1a1b1e">Welcome</Text>
        <Text size="sm" c="#495057">A few questions about how you decide and plan. There are no right or wrong answers.</Text>
        <Box className={styles.card}><Text size="sm" c="#343a40">I keep to my plans even when something more pleasant comes up.</Text></Box>
        <div className={styles.button} style={{background: shown}}>Begin</div>
      </Stack>
    </div>
  );
}

export function BrandingForm({integration}: {integration: Integration}) {
  const {branding} = integration.assessment;
  const form = useForm({
    mode: 'controlled',
    validateInputOnChange: true,
    initialValues: {name: branding?.name ?? '', logo_url: branding?.logo_url ?? '', colour: branding?.colour ?? ''},
    validate: {logo_url: https_or_empty, colour: (value) => (!value || /^#[0-9a-f]{6}$/i.test(value) ? null : 'A colour such as #1b5e9a')},
  });
  const changing = useChange(integration.integration_id, form, '/assessment/branding');
  const save = form.onSubmit(({name, logo_url, colour}) => changing.mutate({assessment: {branding: {name, logo_url: logo_url || null, colour: colour || null}}}));
  return (
    <SettingsForm onSubmit={save}>
      <Paper p="md">
        <Grid gutter="xl">
          <Grid.Col span={{base: 12, sm: 7}}>
            <Stack>
              <TextInput label="Name" description="What people see at the top" maxLength={120} {...form.getInputProps('name')} />
              <TextInput label="Logo" description="Its address; a person’s browser fetches it from there" placeholder="https://example.com/logo.svg" {...form.getInputProps('logo_url')} />
              <ColorInput label="Colour" description="Of the bar and the buttons" placeholder="#1b5e9a" withEyeDropper={false} format="hex" {...form.getInputProps('colour')} />
              {form.values.colour && <Button variant="subtle" size="compact-xs" w="fit-content" onClick={() => form.setFieldValue('colour', '')}>Use the plain colour</Button>}
            </Stack>
          </Grid.Col>
          <Grid.Col span={{base: 12, sm: 5}}><Preview name={form.values.name} colour={form.values.colour} has_logo={form.values.logo_url !== ''} /></Grid.Col>
        </Grid>
        <SaveBar is_dirty={form.isDirty()} is_saving={changing.isPending} reset={form.reset} />
      </Paper>
    </SettingsForm>
  );
}
