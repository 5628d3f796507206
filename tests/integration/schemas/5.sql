-- A catalogue that the Beleg of schema 5 made: its tables and their rows.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    gone TEXT
);
CREATE TABLE versions (
    article INTEGER NOT NULL REFERENCES articles (seq) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    url TEXT, title TEXT, text TEXT NOT NULL, published TEXT, day TEXT, updated TEXT,
    authors TEXT NOT NULL, source TEXT, source_folded TEXT, language TEXT,
    content_hash TEXT NOT NULL, section TEXT,
    PRIMARY KEY (article, version)
);
CREATE TABLE chunks (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    article INTEGER NOT NULL REFERENCES articles (seq),
    version INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL
);
CREATE TABLE vectors (seq INTEGER PRIMARY KEY, vector BLOB NOT NULL);
CREATE TABLE sentences (
    seq INTEGER PRIMARY KEY, spans BLOB NOT NULL, vectors BLOB NOT NULL
);
CREATE TABLE words (seq INTEGER PRIMARY KEY, vectors BLOB NOT NULL);
CREATE TABLE indexed (
    article INTEGER PRIMARY KEY REFERENCES articles (seq) ON DELETE CASCADE,
    version INTEGER NOT NULL
);
CREATE TABLE pending (seq INTEGER PRIMARY KEY AUTOINCREMENT, chunk TEXT NOT NULL);
CREATE TABLE origins (
    origin TEXT NOT NULL,
    article INTEGER NOT NULL REFERENCES articles (seq) ON DELETE CASCADE,
    PRIMARY KEY (origin, article)
) WITHOUT ROWID;
CREATE TABLE pages (
    address TEXT PRIMARY KEY,
    article INTEGER REFERENCES articles (seq) ON DELETE CASCADE,
    content_hash TEXT, etag TEXT, last_modified TEXT
) WITHOUT ROWID;
CREATE TABLE copies (
    article INTEGER PRIMARY KEY REFERENCES articles (seq) ON DELETE CASCADE,
    grp INTEGER NOT NULL,
    signature BLOB NOT NULL
);
CREATE TABLE copy_keys (
    key INTEGER NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (key, article)
) WITHOUT ROWID;
CREATE INDEX versions_by_day ON versions (day);
CREATE INDEX chunks_by_article_0 ON chunks (article);
CREATE INDEX origins_by_article ON origins (article);
CREATE INDEX pages_by_article ON pages (article);
CREATE INDEX copies_by_group ON copies (grp);
CREATE VIRTUAL TABLE grams
    USING fts5 (body, content='', detail=none, tokenize='ascii');
CREATE VIRTUAL TABLE stems
    USING fts5 (body, content='', detail=none, tokenize='ascii');
CREATE VIRTUAL TABLE grams_df USING fts5vocab (grams, row);
CREATE VIRTUAL TABLE stems_df USING fts5vocab (stems, row);
CREATE TABLE replies (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    reply TEXT NOT NULL
);
CREATE TABLE reply_articles (
    reply INTEGER NOT NULL REFERENCES replies (seq) ON DELETE CASCADE,
    article INTEGER NOT NULL,
    PRIMARY KEY (article, reply)
) WITHOUT ROWID;
CREATE INDEX reply_articles_by_reply ON reply_articles (reply);
CREATE TABLE spent (
    day TEXT NOT NULL, person TEXT NOT NULL, tokens INTEGER NOT NULL,
    PRIMARY KEY (day, person)
) WITHOUT ROWID;
INSERT INTO meta VALUES ('catalogue', 'a83c9321c133a925c8908a9d2f677220');
INSERT INTO meta VALUES ('contract', '{"model": "small", "weights": "digest", "query_prompt": "query: ", "document_prompt": "passage: ", "dimension": 32, "chunker": 1, "lexical": 1}');
INSERT INTO meta VALUES ('generation', '7');
INSERT INTO meta VALUES ('index', '0');
INSERT INTO meta VALUES ('purge_due:18ac3e7343f016890c510e93f9352611', 'aeab13ff508572f5');
INSERT INTO articles VALUES (1, 'a', 2, NULL);
INSERT INTO articles VALUES (2, 'b', 1, NULL);
INSERT INTO articles VALUES (3, 'c', 1, NULL);
INSERT INTO versions VALUES (1, 1, 'https://example.org/a', 'Fähre', 'Die Fähre legt ab. Sie ist voll.', '2026-03-01', '2026-03-01', NULL, '[]', NULL, NULL, 'de', '187dc21809ca9b1f4c54557f9f2edff98a4ed70d375932b5e1ba2c7f2477ba64', NULL);
INSERT INTO versions VALUES (1, 2, 'https://example.org/a', 'Fähre', 'Die Fähre legt später ab.

Sie ist halb leer.', '2026-03-02', '2026-03-02', NULL, '[]', NULL, NULL, 'de', '46f043766c9bea08e045fbd6f26dd2a8e1b15560ac2d4b71b58521a61bc61cbd', NULL);
INSERT INTO versions VALUES (2, 1, NULL, NULL, 'Wort0 steht im Bericht über die Schleuse. Wort1 steht im Bericht über die Schleuse. Wort2 steht im Bericht über die Schleuse. Wort3 steht im Bericht über die Schleuse. Wort4 steht im Bericht über die Schleuse. Wort5 steht im Bericht über die Schleuse. Wort6 steht im Bericht über die Schleuse. Wort7 steht im Bericht über die Schleuse. Wort8 steht im Bericht über die Schleuse. Wort9 steht im Bericht über die Schleuse. Wort10 steht im Bericht über die Schleuse. Wort11 steht im Bericht über die Schleuse. Wort12 steht im Bericht über die Schleuse. Wort13 steht im Bericht über die Schleuse. Wort14 steht im Bericht über die Schleuse. Wort15 steht im Bericht über die Schleuse. Wort16 steht im Bericht über die Schleuse. Wort17 steht im Bericht über die Schleuse. Wort18 steht im Bericht über die Schleuse. Wort19 steht im Bericht über die Schleuse.', '2026-04-01', '2026-04-01', NULL, '[]', NULL, NULL, 'de', '31db890c06a2181f2a2608d06f9e767f4a0049c5bcdea7b59a5ca5b3113b54d1', NULL);
INSERT INTO versions VALUES (3, 1, NULL, NULL, 'Wort0 steht im Bericht über die Schleuse. Wort1 steht im Bericht über die Schleuse. Wort2 steht im Bericht über die Schleuse. Wort3 steht im Bericht über die Schleuse. Wort4 steht im Bericht über die Schleuse. Wort5 steht im Bericht über die Schleuse. Wort6 steht im Bericht über die Schleuse. Wort7 steht im Bericht über die Schleuse. Wort8 steht im Bericht über die Schleuse. Wort9 steht im Bericht über die Schleuse. Wort10 steht im Bericht über die Schleuse. Wort11 steht im Bericht über die Schleuse. Wort12 steht im Bericht über die Schleuse. Wort13 steht im Bericht über die Schleuse. Wort14 steht im Bericht über die Schleuse. Wort15 steht im Bericht über die Schleuse. Wort16 steht im Bericht über die Schleuse. Wort17 steht im Bericht über die Schleuse. Wort18 steht im Bericht über die Schleuse. Wort19 steht im Bericht über die Schleuse.', '2026-04-02', '2026-04-02', NULL, '[]', NULL, NULL, 'de', '4418fd65fc7d8282499079e3a910d21d4d7cfd41ae9a82c454c2b2b835b9ecd1', NULL);
INSERT INTO chunks VALUES (2, '9294d3e02f51ebc418771c79', 1, 2, 0, 0, 25);
INSERT INTO chunks VALUES (3, '56909ea80bd83828f2903151', 1, 2, 1, 27, 45);
INSERT INTO chunks VALUES (4, '8b672efa9ed7a9e25a374355', 2, 1, 0, 0, 849);
INSERT INTO chunks VALUES (5, '1bc537896c88decf8f93770a', 3, 1, 0, 0, 849);
INSERT INTO vectors VALUES (2, X'9c8800bebc8d34bea12a2e3ef1fa503ec13e3bbe869a44bdab5305ba581f5f3e8c3d91be7a5126bdd28fe5bd7f5b103e8f92633ea6bf1bbe09d2c53da36f00be41d19a3c2bec08bd8d44c4bb8368263e4c0e76bc6251533e4caa823eb499fc3ebe080cbeaa80cc3db7f79b3e0f3a66bd6c581e3cb28481be99f863bd351802be');
INSERT INTO vectors VALUES (3, X'db767c3c6c55b93d673670be1a6f5dbe728500bd5c2f963ed3a7acbbe65532be66c257be8a0bd53d90d1b0be279b883e84c52b3d662ca5be273580bed9c2133ea1a02dbef178e63dff5c063d6cfd76be6dac81be5c2581bce906afbc79bfcf3de441873d562ce63d475e45bede577bbe49af96bd9afd503d28b5813d43f83fbe');
INSERT INTO vectors VALUES (4, X'f3758f3dd0fc5abde6bcef3ca75d173e660d363cfa3e323d29d49b3d494a7b3d7126fe3da1153fbdb56301be4d65633efac40dbe15f02abdf97516be06841dbee6f11d3d015abf3e7da846be18910abd1cd07c3e17fd873e4413713e0161a3bec4e4abbd3281ef3dab4c103e40e198be9e4b9ebdafcc6e3db413debdb3cfde3e');
INSERT INTO vectors VALUES (5, X'f3758f3dd0fc5abde6bcef3ca75d173e660d363cfa3e323d29d49b3d494a7b3d7126fe3da1153fbdb56301be4d65633efac40dbe15f02abdf97516be06841dbee6f11d3d015abf3e7da846be18910abd1cd07c3e17fd873e4413713e0161a3bec4e4abbd3281ef3dab4c103e40e198be9e4b9ebdafcc6e3db413debdb3cfde3e');
INSERT INTO sentences VALUES (2, X'0000000019000000', X'04b0a4b171318832dab125aa2b90f9328ab433a92caf83301d33deb02f2e03b0d72447a8229e3331b0a39b321534e53760b0642ee03432abf3200cb420ab11b0');
INSERT INTO sentences VALUES (3, X'1b0000002d000000', X'e423cb2d82b3ebb204a8b134659d93b1beb2a82e87b545345e2929b502b49e306db1342f3328b8b30db409a478a57e2e3a2c312f2bb2dbb3b5ac882a0e2c00b2');
INSERT INTO sentences VALUES (4, X'00000000290000002a00000053000000540000007d0000007e000000a7000000a8000000d1000000d2000000fb000000fc00000025010000260100004f01000050010000790100007a010000a3010000a4010000ce010000cf010000f9010000fa01000024020000250200004f020000500200007a0200007b020000a5020000a6020000d0020000d1020000fb020000fc020000260300002703000051030000', X'c03223b1d8a91aad80aac929ff2cc2a8bb3021b435b6bfb11facd9b4919d742e9f2d7d287d2612078436ab30fe321daedaace2b3ce32c2b27d35ae2060ab1a277cb46bafa22fb9b3e2b5c82815b26ea615a78caaaea4fc2b562915b07329b9a1efadcc36d6aca0b03e308ab024b505b462b0f2aec4a10d323833f029832dc034ff280eacd0aa852fabab3f2efbb38231e230b7afaca7ae33d03385287c2aa3b1bd9ddf28f0b3259f342b513347b50e331faf25af5c2ef234e8b6ffb01734ee21dda7b8aa62a433af373069b5c7b42634fcae51b6802b292e46b1c634e1ad22ad7c2b76a0752c68364f2ee92bf42f23aa19330b32a6b3cba913a945b08630652426b0842c032b93afd426b7b0f5b0ed3173ab3fafa2b5ed2a1a34612ca5b38db2f72f5ba24b33263403b04aae07ae1ea881ae11b1c92374af15b39b360135afb1081a61af592beab237a685a7c8aedeb4df3446a02329c8305ea263ad17a8992ce12e59ad8db421a647b7af99011c952b5db4252e0b155dad39b56eb24eb1aeb58f2c43b1bfaeafb1caab11ae55a9122ec1322a3537b344ac05abb53218b1322f4e2848b2fab18832bbb4ce3667289baef2af052e9833ffa86d312cb23dac0f3497ac24a8d22e37b0a7332f154d3418b29c1985ae2c2c7cb27533dc330435b0b15eab36b1f12c6132d3a3c4b1cd22cd2d8fb69ab3c9328731b4b31820aeaeb42f04b0dda8b53110b2e1a83b34c1b00436bd35db226ab269346b2cf4b1032f3fb4fda0e7a51db080ac83b0e3af05b0ee2112aabd348fafe232baae33a57ab473a673a9c99efc25ffaf673134b2a834b8ad10b5b3a2f8b0e02a0ab15aa03330eeabbba99fb5f02aeab3b12faf2f0436b0ac65b2f4ad36b16bafcdb146356c334f28f8aa4121da292db7952b91b1f930193077b209a916ab5caedd2f2f2e34a3d4ad35ac2e295f3437b3f232233039ad96a92f316fb5582931b19731199d81b54735c234ada84b29592ee52cb5b10e274d230b34722eb4a19f30d8b35627f0330d3168b10eb50433e132e7b07d23c635bb2587aed4b285342628fcaadaaa91341fb0a434f7b6c9ae9328aa9a402b9829a8aeb0309b30edaca9b4d5347c3344adc32c03af1135f8b2862d253010b20931b230bab358290d2041215eac0533d030792c43b2c0b2623143966631513468317e3320b11b2be22e70b5e23335b42ab045326432022c662a7d2a16b3932f7aa5ab2ecd262632eaaefeaf26b390b4572a88b21eb3d0ad7c311bafd1337e3240270daefcb4bf353bb0d22a0db0012e251b31b3f32822b64da8d5acc89e1f2a279f142ee9b0a5b0d62e1c33f42b7fb6183109aa5db001a719ab2aa87d2c1db0c02f00a923340231f923512dc3b7cbafd0ad25acc1aecd31f4a9672a37b100301ca006a88b32512a4833803332b565b7f0afe92549b4923236b1ce22aa2d3ead86b469b11ab5f0aa7bb2c2332bb507ae52ac29233f3181b48d1d31ad21ae2d34d7ac50a6c2296cb6192d6fafdf2f68a5d32f49ac02b51b2f83aee91c6425c130f2374931efb147acf31d75ae922ca0afbe2dcf34ebac73a5292b5b28d0a8ec30c33452b2953403ae82b4ada96d29602f2a315cb2e7b50ab649b2a3b303b67c9ed3290e31c4b46634bc2c9c9f1229102c0828603175303ea0e531afab1032f198033099a677b1cca55434522e3b9d16af60b007a1f1b09d353aaa723152b273a99e2cf42a432f40301cabd53255274634d0b06d33ddb3093142a99aa83f2c393662b5d2b017b3c731c3ae0f1c0bac8daf1fb174b1');
INSERT INTO sentences VALUES (5, X'00000000290000002a00000053000000540000007d0000007e000000a7000000a8000000d1000000d2000000fb000000fc00000025010000260100004f01000050010000790100007a010000a3010000a4010000ce010000cf010000f9010000fa01000024020000250200004f020000500200007a0200007b020000a5020000a6020000d0020000d1020000fb020000fc020000260300002703000051030000', X'c03223b1d8a91aad80aac929ff2cc2a8bb3021b435b6bfb11facd9b4919d742e9f2d7d287d2612078436ab30fe321daedaace2b3ce32c2b27d35ae2060ab1a277cb46bafa22fb9b3e2b5c82815b26ea615a78caaaea4fc2b562915b07329b9a1efadcc36d6aca0b03e308ab024b505b462b0f2aec4a10d323833f029832dc034ff280eacd0aa852fabab3f2efbb38231e230b7afaca7ae33d03385287c2aa3b1bd9ddf28f0b3259f342b513347b50e331faf25af5c2ef234e8b6ffb01734ee21dda7b8aa62a433af373069b5c7b42634fcae51b6802b292e46b1c634e1ad22ad7c2b76a0752c68364f2ee92bf42f23aa19330b32a6b3cba913a945b08630652426b0842c032b93afd426b7b0f5b0ed3173ab3fafa2b5ed2a1a34612ca5b38db2f72f5ba24b33263403b04aae07ae1ea881ae11b1c92374af15b39b360135afb1081a61af592beab237a685a7c8aedeb4df3446a02329c8305ea263ad17a8992ce12e59ad8db421a647b7af99011c952b5db4252e0b155dad39b56eb24eb1aeb58f2c43b1bfaeafb1caab11ae55a9122ec1322a3537b344ac05abb53218b1322f4e2848b2fab18832bbb4ce3667289baef2af052e9833ffa86d312cb23dac0f3497ac24a8d22e37b0a7332f154d3418b29c1985ae2c2c7cb27533dc330435b0b15eab36b1f12c6132d3a3c4b1cd22cd2d8fb69ab3c9328731b4b31820aeaeb42f04b0dda8b53110b2e1a83b34c1b00436bd35db226ab269346b2cf4b1032f3fb4fda0e7a51db080ac83b0e3af05b0ee2112aabd348fafe232baae33a57ab473a673a9c99efc25ffaf673134b2a834b8ad10b5b3a2f8b0e02a0ab15aa03330eeabbba99fb5f02aeab3b12faf2f0436b0ac65b2f4ad36b16bafcdb146356c334f28f8aa4121da292db7952b91b1f930193077b209a916ab5caedd2f2f2e34a3d4ad35ac2e295f3437b3f232233039ad96a92f316fb5582931b19731199d81b54735c234ada84b29592ee52cb5b10e274d230b34722eb4a19f30d8b35627f0330d3168b10eb50433e132e7b07d23c635bb2587aed4b285342628fcaadaaa91341fb0a434f7b6c9ae9328aa9a402b9829a8aeb0309b30edaca9b4d5347c3344adc32c03af1135f8b2862d253010b20931b230bab358290d2041215eac0533d030792c43b2c0b2623143966631513468317e3320b11b2be22e70b5e23335b42ab045326432022c662a7d2a16b3932f7aa5ab2ecd262632eaaefeaf26b390b4572a88b21eb3d0ad7c311bafd1337e3240270daefcb4bf353bb0d22a0db0012e251b31b3f32822b64da8d5acc89e1f2a279f142ee9b0a5b0d62e1c33f42b7fb6183109aa5db001a719ab2aa87d2c1db0c02f00a923340231f923512dc3b7cbafd0ad25acc1aecd31f4a9672a37b100301ca006a88b32512a4833803332b565b7f0afe92549b4923236b1ce22aa2d3ead86b469b11ab5f0aa7bb2c2332bb507ae52ac29233f3181b48d1d31ad21ae2d34d7ac50a6c2296cb6192d6fafdf2f68a5d32f49ac02b51b2f83aee91c6425c130f2374931efb147acf31d75ae922ca0afbe2dcf34ebac73a5292b5b28d0a8ec30c33452b2953403ae82b4ada96d29602f2a315cb2e7b50ab649b2a3b303b67c9ed3290e31c4b46634bc2c9c9f1229102c0828603175303ea0e531afab1032f198033099a677b1cca55434522e3b9d16af60b007a1f1b09d353aaa723152b273a99e2cf42a432f40301cabd53255274634d0b06d33ddb3093142a99aa83f2c393662b5d2b017b3c731c3ae0f1c0bac8daf1fb174b1');
INSERT INTO words VALUES (2, X'');
INSERT INTO words VALUES (3, X'');
INSERT INTO words VALUES (4, X'');
INSERT INTO words VALUES (5, X'');
INSERT INTO indexed VALUES (1, 2);
INSERT INTO indexed VALUES (2, 1);
INSERT INTO indexed VALUES (3, 1);
INSERT INTO pending VALUES (1, 'bf1464ffe356cd15cd97d521');
INSERT INTO pending VALUES (2, 'bf1464ffe356cd15cd97d521');
INSERT INTO pending VALUES (3, '9294d3e02f51ebc418771c79');
INSERT INTO pending VALUES (4, '56909ea80bd83828f2903151');
INSERT INTO pending VALUES (5, '8b672efa9ed7a9e25a374355');
INSERT INTO pending VALUES (6, '1bc537896c88decf8f93770a');
INSERT INTO pending VALUES (7, '437c5d6b47fc13b044ff4910');
INSERT INTO pending VALUES (8, '437c5d6b47fc13b044ff4910');
INSERT INTO origins VALUES ('-', 1);
INSERT INTO origins VALUES ('/news', 2);
INSERT INTO origins VALUES ('/news', 3);
INSERT INTO copies VALUES (1, 1, X'b46d02f0e99c0000');
INSERT INTO copies VALUES (2, 2, X'cb7fd6256f0100002cd2896a1403000065ff814df403000015d2c7841a050000c1285a00500500001d02fe490f0700008bcd7f1a62090000bc828d567e0b00009fac918bb60b000006bc8842fd0c000014b99503ef0f0000bbf6743e6711000007879f623b1500005c6781b1001700005971d26bf51b0000082e3ee8fb1d0000cb5992db711f0000845461ed262400001785cd7ecd2500005db828f5d0260000aa0d8e49ce29000097ac309b532a00000d1528c0ab2a000056312f3ddf2a0000');
INSERT INTO copies VALUES (3, 2, X'cb7fd6256f0100002cd2896a1403000065ff814df403000015d2c7841a050000c1285a00500500001d02fe490f0700008bcd7f1a62090000bc828d567e0b00009fac918bb60b000006bc8842fd0c000014b99503ef0f0000bbf6743e6711000007879f623b1500005c6781b1001700005971d26bf51b0000082e3ee8fb1d0000cb5992db711f0000845461ed262400001785cd7ecd2500005db828f5d0260000aa0d8e49ce29000097ac309b532a00000d1528c0ab2a000056312f3ddf2a0000');
INSERT INTO copy_keys VALUES (1576887812043, 2);
INSERT INTO copy_keys VALUES (1576887812043, 3);
INSERT INTO copy_keys VALUES (3386221646380, 2);
INSERT INTO copy_keys VALUES (3386221646380, 3);
INSERT INTO copy_keys VALUES (4347807268709, 2);
INSERT INTO copy_keys VALUES (4347807268709, 3);
INSERT INTO copy_keys VALUES (5611454976533, 2);
INSERT INTO copy_keys VALUES (5611454976533, 3);
INSERT INTO copy_keys VALUES (5841161431233, 2);
INSERT INTO copy_keys VALUES (5841161431233, 3);
INSERT INTO copy_keys VALUES (7762247287325, 2);
INSERT INTO copy_keys VALUES (7762247287325, 3);
INSERT INTO copy_keys VALUES (10316956028299, 2);
INSERT INTO copy_keys VALUES (10316956028299, 3);
INSERT INTO copy_keys VALUES (12637245899452, 2);
INSERT INTO copy_keys VALUES (12637245899452, 3);
INSERT INTO copy_keys VALUES (12878653533343, 2);
INSERT INTO copy_keys VALUES (12878653533343, 3);
INSERT INTO copy_keys VALUES (14281882516486, 2);
INSERT INTO copy_keys VALUES (14281882516486, 3);
INSERT INTO copy_keys VALUES (17519231744276, 2);
INSERT INTO copy_keys VALUES (17519231744276, 3);
INSERT INTO copy_keys VALUES (19135127156411, 2);
INSERT INTO copy_keys VALUES (19135127156411, 3);
INSERT INTO copy_keys VALUES (23344801875719, 2);
INSERT INTO copy_keys VALUES (23344801875719, 3);
INSERT INTO copy_keys VALUES (25291745486684, 2);
INSERT INTO copy_keys VALUES (25291745486684, 3);
INSERT INTO copy_keys VALUES (30740889891161, 2);
INSERT INTO copy_keys VALUES (30740889891161, 3);
INSERT INTO copy_keys VALUES (32967770385928, 2);
INSERT INTO copy_keys VALUES (32967770385928, 3);
INSERT INTO copy_keys VALUES (34573875567051, 2);
INSERT INTO copy_keys VALUES (34573875567051, 3);
INSERT INTO copy_keys VALUES (39749609936004, 2);
INSERT INTO copy_keys VALUES (39749609936004, 3);
INSERT INTO copy_keys VALUES (41564525921559, 2);
INSERT INTO copy_keys VALUES (41564525921559, 3);
INSERT INTO copy_keys VALUES (42678908139613, 2);
INSERT INTO copy_keys VALUES (42678908139613, 3);
INSERT INTO copy_keys VALUES (45965974048170, 2);
INSERT INTO copy_keys VALUES (45965974048170, 3);
INSERT INTO copy_keys VALUES (46538574310551, 2);
INSERT INTO copy_keys VALUES (46538574310551, 3);
INSERT INTO copy_keys VALUES (46917151626509, 2);
INSERT INTO copy_keys VALUES (46917151626509, 3);
INSERT INTO copy_keys VALUES (47138292576598, 2);
INSERT INTO copy_keys VALUES (47138292576598, 3);
INSERT INTO copy_keys VALUES (172528568004020, 1);
INSERT INTO grams (rowid, body) VALUES (2, 'die faeh aehr ehre legt spae paet aete eter ab');
INSERT INTO stems (rowid, body) VALUES (2, 'die fahr legt spat ab');
INSERT INTO grams (rowid, body) VALUES (3, 'sie ist halb leer');
INSERT INTO stems (rowid, body) VALUES (3, 'sie ist halb leer');
INSERT INTO grams (rowid, body) VALUES (4, 'wort ort0 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort1 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort2 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort3 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort4 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort5 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort6 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort7 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort8 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort9 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort1 rt10 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort1 rt11 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort1 rt12 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort1 rt13 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort1 rt14 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort1 rt15 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort1 rt16 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort1 rt17 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort1 rt18 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort1 rt19 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse');
INSERT INTO stems (rowid, body) VALUES (4, 'wort0 steht im bericht uber die schleus wort1 steht im bericht uber die schleus wort2 steht im bericht uber die schleus wort3 steht im bericht uber die schleus wort4 steht im bericht uber die schleus wort5 steht im bericht uber die schleus wort6 steht im bericht uber die schleus wort7 steht im bericht uber die schleus wort8 steht im bericht uber die schleus wort9 steht im bericht uber die schleus wort10 steht im bericht uber die schleus wort11 steht im bericht uber die schleus wort12 steht im bericht uber die schleus wort13 steht im bericht uber die schleus wort14 steht im bericht uber die schleus wort15 steht im bericht uber die schleus wort16 steht im bericht uber die schleus wort17 steht im bericht uber die schleus wort18 steht im bericht uber die schleus wort19 steht im bericht uber die schleus');
INSERT INTO grams (rowid, body) VALUES (5, 'wort ort0 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort1 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort2 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort3 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort4 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort5 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort6 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort7 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort8 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort9 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort1 rt10 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort1 rt11 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort1 rt12 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort1 rt13 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort1 rt14 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort1 rt15 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort1 rt16 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort1 rt17 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort1 rt18 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse wort ort1 rt19 steh teht im beri eric rich icht uebe eber die schl chle hleu leus euse');
INSERT INTO stems (rowid, body) VALUES (5, 'wort0 steht im bericht uber die schleus wort1 steht im bericht uber die schleus wort2 steht im bericht uber die schleus wort3 steht im bericht uber die schleus wort4 steht im bericht uber die schleus wort5 steht im bericht uber die schleus wort6 steht im bericht uber die schleus wort7 steht im bericht uber die schleus wort8 steht im bericht uber die schleus wort9 steht im bericht uber die schleus wort10 steht im bericht uber die schleus wort11 steht im bericht uber die schleus wort12 steht im bericht uber die schleus wort13 steht im bericht uber die schleus wort14 steht im bericht uber die schleus wort15 steht im bericht uber die schleus wort16 steht im bericht uber die schleus wort17 steht im bericht uber die schleus wort18 steht im bericht uber die schleus wort19 steht im bericht uber die schleus');
UPDATE sqlite_sequence SET seq = 6 WHERE name = 'chunks';
UPDATE sqlite_sequence SET seq = 4 WHERE name = 'articles';
UPDATE sqlite_sequence SET seq = 8 WHERE name = 'pending';
PRAGMA user_version = 5;
