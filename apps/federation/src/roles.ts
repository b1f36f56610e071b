/** Officers act for their organisation, registrars file documents, auditors read. */
export const OFFICER = 'alliance_officer';
export const REGISTRAR = 'alliance_registrar';
export const AUDITOR = 'alliance_auditor';

export const FEDERATION_ROLES = [OFFICER, REGISTRAR, AUDITOR] as const;
