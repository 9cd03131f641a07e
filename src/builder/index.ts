/** `ts-hotfix/builder`: patches from a fixed source tree. */
import "../node/require-node.ts";

export { auditTree, type Audit, type FileAudit, type Totals } from "../audit/audit.ts";
export type { AuditOptions } from "../audit/files.ts";
export type { FileMeasure, FixedSpot, LineState } from "../audit/measure.ts";
export { buildPatch, type BuildOptions, type BuildResult } from "./build.ts";
export { any, functions, modules, pickerOf, type Picker } from "./pick/pick.ts";
export { readManifest } from "../manifest/file.ts";
export type { Manifest, ManifestModule, ModuleFacts, TargetFact } from "../manifest/manifest.ts";
export { HotfixError, type Diagnostic, type Place, type Severity } from "../messages/diagnostic.ts";
export { signPatch } from "../patch/file.ts";
export { makeKeyPair, readSigningKey, type Fingerprint, type KeyPair, type SigningKey } from "../patch/keys.ts";
export type { PatchLive, PatchPayload } from "../patch/payload.ts";
