export interface Registry { metrics(): Promise<string>; }
